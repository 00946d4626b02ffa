"""Tables of money: who sells, price list, what an order owes and was paid, shifts, invoices, bank statements.

Amounts are minor units of their currency, with tax inside. Orders stand above: they are known by their number.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import LINE_KINDS, Category
from dovolen.desk.core.models import StoredFile
from dovolen.desk.money.taxes import REGIMES, TAX_CODES
from dovolen.desk.people.models import Customer

CASH, CARD, TRANSFER, FAST = "cash", "card", "transfer", "fast"
METHODS = (CASH, CARD, TRANSFER, FAST)
"""Into the drawer, by card at the desk, by bank transfer, by the system of fast payments (СБП)."""
CHARGED, ADJUSTED, WRITTEN_OFF = "charged", "adjusted", "written_off"
CHARGES = (CHARGED, ADJUSTED, WRITTEN_OFF)
PUT_IN, TAKEN_OUT = "in", "out"
NEW, MATCHED, IGNORED = "new", "matched", "ignored"
LINE_FATES = (NEW, MATCHED, IGNORED)


class LegalEntity(models.Model):
    """Who sells: the company or entrepreneur in whose name papers are written and tax is paid."""

    name = models.CharField(max_length=80, unique=True)
    """As staff call it."""
    legal_name = models.CharField(max_length=300)
    tax_number = models.CharField(max_length=12, blank=True)
    kpp = models.CharField(max_length=9, blank=True)
    ogrn = models.CharField(max_length=15, blank=True)
    legal_address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    bank_name = models.CharField(max_length=200, blank=True)
    bik = models.CharField(max_length=9, blank=True)
    account = models.CharField(max_length=20, blank=True)
    corr_account = models.CharField(max_length=20, blank=True)
    head_name = models.CharField(max_length=120, blank=True)
    head_post = models.CharField(max_length=80, blank=True)
    accountant_name = models.CharField(max_length=120, blank=True)
    regime = models.CharField(max_length=12, default="usn")
    tax_code = models.CharField(max_length=4, default="none")
    """The rate of its lines where a line names none."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(regime__in=REGIMES), name="legal_entity_regime_known"),
            models.CheckConstraint(condition=Q(tax_code__in=TAX_CODES), name="legal_entity_tax_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Seller(models.Model):
    """In whose name a centre sells."""

    centre = models.OneToOneField(Centre, on_delete=models.CASCADE, related_name="seller")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="sellers")


class PriceItem(models.Model):
    """A line of the price list: a job with its norm, a part, a fee."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """For things of this category alone; none: for all."""
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """At this centre alone; none: at all."""
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="RUB")
    cost = models.BigIntegerField(null=True, blank=True)
    norm_minutes = models.PositiveIntegerField(default=0)
    warranty_days = models.PositiveSmallIntegerField(null=True, blank=True)
    tax_code = models.CharField(max_length=4, blank=True)
    """Empty: as the seller's."""
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LINE_KINDS), name="price_item_kind_known"),
            models.CheckConstraint(condition=Q(price__gte=0), name="price_item_price_known"),
            models.CheckConstraint(condition=Q(tax_code__in=["", *TAX_CODES]), name="price_item_tax_known"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountQuerySet(models.QuerySet["Account"]):
    """Which accounts."""

    def visible_to(self, staff: Staff) -> Self:
        """Accounts of the centres where he sees money."""
        return self.filter(centre__in=staff.centre_ids("see money"))

    def indebted(self) -> Self:
        """Those that still owe something."""
        return self.filter(due__gt=F("paid"))


class Account(models.Model):
    """What one order owes and was paid. `due` = its charges, `paid` = its payments less refunds, always, to the kopeck.

    Before hand-over nothing is due: what is paid by then is a prepayment. More paid than due is to be given back.
    """

    order_number = models.PositiveBigIntegerField(unique=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="accounts")
    currency = models.CharField(max_length=3)
    due = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_since = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    """Until when it may be paid, where that was agreed."""

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due__gte=0), name="account_due_not_negative"),
            models.CheckConstraint(condition=Q(paid__gte=0), name="account_paid_not_negative"),
        ]
        indexes = [
            models.Index(fields=["centre", "due_since", "id"], condition=Q(due__gt=F("paid")), name="account_indebted"),
            models.Index(fields=["customer", "id"], name="account_of_customer"),
        ]

    @property
    def debt(self) -> int:
        """What is still to be paid, minor units; never below zero."""
        return max(0, self.due - self.paid)

    @property
    def overpaid(self) -> int:
        """What was paid beyond what is due, minor units: a prepayment, or to be given back."""
        return max(0, self.paid - self.due)


class Charge(models.Model):
    """What an order owes changed by this much: rows are only added."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=12, default=CHARGED)
    amount = models.BigIntegerField()
    """Signed: less is owed after a write-off."""
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CHARGES), name="charge_kind_known"),
            models.CheckConstraint(condition=~Q(amount=0), name="charge_of_something"),
        ]


class CashShiftQuerySet(models.QuerySet["CashShift"]):
    """Which shifts."""

    def visible_to(self, staff: Staff) -> Self:
        """Shifts of the centres where he keeps the cash."""
        return self.filter(centre__in=staff.centre_ids("keep cash"))


class CashShift(models.Model):
    """The drawer of a centre from its opening to its count."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    opening = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expected = models.BigIntegerField(null=True, blank=True)
    counted = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    """What is said of a difference: asked for where there is one."""

    objects = CashShiftQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["centre"], condition=Q(closed_at=None), name="cash_shift_one_open"),
            models.UniqueConstraint(fields=["centre", "number"], name="cash_shift_number_once"),
            models.CheckConstraint(condition=Q(opening__gte=0), name="cash_shift_opening_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, counted=None, expected=None)
                | Q(closed_at__isnull=False, counted__isnull=False, expected__isnull=False),
                name="cash_shift_closed_by_count",
            ),
        ]


class CashMove(models.Model):
    """Money put into the drawer or taken out, other than by clients."""

    shift = models.ForeignKey(CashShift, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[PUT_IN, TAKEN_OUT]), name="cash_move_kind_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cash_move_of_something"),
        ]


class Invoice(models.Model):
    """A bill (счёт) that a client may pay by transfer; its paper is drawn up above."""

    number = models.CharField(max_length=30)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    order_number = models.PositiveBigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "number", "issued_at"], name="invoice_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_of_something"),
        ]
        indexes = [models.Index(fields=["order_number"], name="invoice_of_order")]


class Statement(models.Model):
    """A file of a bank that was read in."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="statements")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=20)
    begins_on = models.DateField()
    ends_on = models.DateField()
    n_lines = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]


class StatementLine(models.Model):
    """Money that came to an account, as the bank tells it; the same one is never read in twice."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    digest = models.CharField(max_length=64, unique=True)
    """Of account, day, number, sum, payer and purpose, and which of equal ones it is."""
    number = models.CharField(max_length=30)
    day = models.DateField()
    amount = models.BigIntegerField()
    payer = models.CharField(max_length=300, blank=True)
    payer_tax_number = models.CharField(max_length=12, blank=True)
    payer_account = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    fate = models.CharField(max_length=10, default=NEW)
    reason = models.CharField(max_length=200, blank=True)
    """How it was matched, or why it is left alone."""
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(fate__in=LINE_FATES), name="statement_line_fate_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_line_of_something"),
        ]
        indexes = [models.Index(fields=["day", "id"], condition=Q(fate=NEW), name="statement_line_new")]


class Payment(models.Model):
    """Money from a client, or back to him (`refund_of`). Rows are only added."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    """Always above zero; a refund says by `refund_of` that it went the other way."""
    refund_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    refunded = models.BigIntegerField(default=0)
    """Of this payment, so far."""
    is_prepayment = models.BooleanField(default=False)
    shift = models.ForeignKey(CashShift, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    """The drawer it went into, or came from: of cash alone."""
    receipt_number = models.CharField(max_length=40, blank=True)
    """Of the receipt made at the till."""
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    statement_line = models.ForeignKey(
        StatementLine, null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=METHODS), name="payment_method_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")), name="payment_refunded_within"
            ),
            models.CheckConstraint(condition=Q(refund_of=None) | Q(refunded=0), name="refund_not_refunded"),
            models.CheckConstraint(
                condition=Q(method=CASH, shift__isnull=False) | ~Q(method=CASH) & Q(shift=None),
                name="payment_cash_in_shift",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "at"], name="payment_of_account"),
            models.Index(fields=["at", "id"], name="payment_by_time"),
            models.Index(fields=["at", "id"], condition=Q(receipt_number=""), name="payment_without_receipt"),
        ]

    @property
    def asks_receipt(self) -> bool:
        """Whether the till makes a receipt of it: of all but what comes to the account by itself."""
        return self.method != TRANSFER

    @property
    def left(self) -> int:
        """What was not given back of it."""
        return 0 if self.refund_of_id else self.amount - self.refunded
