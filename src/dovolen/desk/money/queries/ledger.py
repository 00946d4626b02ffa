"""The ledger: what clients owed and paid in order of time, and what centres took a day by each method.

Every figure is a sum of rows that are only added: charges, payments, refunds. Totals add up to the kopeck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.money.models import CHARGES, METHODS, Account, Charge, Payment
from dovolen.desk.people.models import Customer

SEE, LEDGER = "see money", "see the ledger"
CHARGE, PAYMENT, REFUND = "charge", "payment", "refund"
PAGE = 50
MOST_ROWS = 1000
"""Of one client in one period; a page for print holds no more."""


@dataclass(frozen=True)
class Period:
    """Days at a centre, both of them included."""

    since: date
    until: date

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """From when to before when, on the clock of a zone."""
        clock = ZoneInfo(zone)
        ends = datetime.combine(self.until + timedelta(days=1), time.min, clock)
        return datetime.combine(self.since, time.min, clock), ends


# ── A client ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Entry:
    """A line of a client's ledger. `balance` is what he owes after it; below zero he has paid ahead."""

    at: datetime
    order_number: int
    sort: str
    """charge, payment, refund."""
    code: str
    """Kind of the charge, or method of the payment."""
    amount: int
    """Signed: what he owes grows by it."""
    balance: int
    note: str
    receipt_number: str = ""

    @property
    def received(self) -> int:
        """What came from him by it; below zero, what was given back."""
        return -self.amount


@dataclass(frozen=True)
class OrderSums:
    """What became of one order's money."""

    number: int
    due: int
    paid: int

    @property
    def balance(self) -> int:
        """Still owed; below zero, paid ahead."""
        return self.due - self.paid


@dataclass
class ClientSheet:
    """A client's ledger in one currency."""

    currency: str
    opening: int = 0
    charged: int = 0
    paid: int = 0
    refunded: int = 0
    entries: list[Entry] = field(default_factory=list)
    orders: list[OrderSums] = field(default_factory=list)
    n: int = 0
    """Lines of the period; of more than are shown, the earliest are summed up in `carried`."""
    carried: int = 0
    """What was owed before the first line that is shown."""

    @property
    def closing(self) -> int:
        """What he owes at the end."""
        return self.opening + self.charged - self.paid + self.refunded

    @property
    def outstanding(self) -> int:
        """How much lies between the two, whoever owes it."""
        return abs(self.closing)

    @property
    def net_paid(self) -> int:
        """Paid less given back."""
        return self.paid - self.refunded

    @property
    def is_cut(self) -> bool:
        """Whether there are more lines than are shown."""
        return self.n > len(self.entries)


def client_ledger(customer: Customer, staff: Staff, period: Period) -> list[ClientSheet]:
    """A client's money at the centres where this person sees money, a sheet each currency; five queries."""
    accounts = Account.objects.visible_to(staff).filter(customer=customer)
    since, until = period.moments(staff.zone)
    found = _sums(accounts, since, until)
    moved: dict[str, list[tuple[Any, ...]]] = {}
    for currency, *entry in _moves(accounts, since, until):
        moved.setdefault(currency, []).append(tuple(entry))
    for currency, moves in moved.items():
        _fill(found[currency], sorted(moves, key=lambda move: move[:2])[-MOST_ROWS:])
    for account in accounts.order_by("-opened_at", "-pk")[:MOST_ROWS]:
        found[account.currency].orders.append(OrderSums(account.order_number, account.due, account.paid))
    return [found[currency] for currency in sorted(found)]


def _sums(accounts: QuerySet[Account], since: datetime, until: datetime) -> dict[str, ClientSheet]:
    """What was owed when the period began and what came during it, each currency for itself."""
    before, during = Q(at__lt=since), Q(at__gte=since, at__lt=until)
    is_back = Q(refund_of__isnull=False)
    found: dict[str, ClientSheet] = {}
    charges = Charge.objects.filter(account__in=accounts).order_by().values_list("account__currency")
    for currency, opening, charged, n in charges.annotate(
        opening=_sum(before), charged=_sum(during), n=Count("pk", filter=during)
    ):
        found[currency] = ClientSheet(currency, opening=opening, charged=charged, n=n)
    payments = Payment.objects.filter(account__in=accounts).order_by().values_list("account__currency")
    for currency, taken, returned, paid, refunded, n in payments.annotate(
        taken=_sum(before & ~is_back), returned=_sum(before & is_back), kept=_sum(during & ~is_back),
        given_back=_sum(during & is_back), n=Count("pk", filter=during),
    ):  # fmt: skip
        sheet = found.setdefault(currency, ClientSheet(currency))
        sheet.opening += returned - taken
        sheet.paid, sheet.refunded, sheet.n = paid, refunded, sheet.n + n
    return found


def _sum(condition: Q) -> Any:
    return Sum("amount", filter=condition, default=0)


def _moves(accounts: QuerySet[Account], since: datetime, until: datetime) -> Iterator[tuple[Any, ...]]:
    """Currency, moment, place among equal moments, order, sort, code, signed amount, note, receipt; the latest."""
    during = {"account__in": accounts, "at__gte": since, "at__lt": until}
    charges = Charge.objects.filter(**during).select_related("account").order_by("-at", "-pk")
    for charge in charges[:MOST_ROWS]:
        account = charge.account
        yield (
            account.currency, charge.at, (0, charge.pk), account.order_number, CHARGE, charge.kind, charge.amount,
            charge.reason, "",
        )  # fmt: skip
    payments = Payment.objects.filter(**during).select_related("account", "invoice").order_by("-at", "-pk")
    for payment in payments[:MOST_ROWS]:
        account, is_back = payment.account, payment.refund_of_id is not None
        note = payment.reason or (payment.invoice.number if payment.invoice else "")
        yield (
            account.currency, payment.at, (1, payment.pk), account.order_number, REFUND if is_back else PAYMENT,
            payment.method, payment.amount if is_back else -payment.amount, note, payment.receipt_number,
        )  # fmt: skip


def _fill(sheet: ClientSheet, moves: list[tuple[Any, ...]]) -> None:
    """Lines with their running balance, told from the closing one back: so it is right wherever they begin."""
    balance = sheet.closing
    for at, _, number, sort, code, amount, note, receipt in reversed(moves):
        sheet.entries.append(Entry(at, number, sort, code, amount, balance, note, receipt))
        balance -= amount
    sheet.entries.reverse()
    sheet.carried = balance


# ── A centre ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class DaySums:
    """What a centre took and gave back on a day; `by_method` is what stayed, in the order of the methods."""

    day: date | None
    by_method: dict[str, int] = field(default_factory=lambda: dict.fromkeys(METHODS, 0))
    taken: int = 0
    refunded: int = 0
    charged: int = 0
    written_off: int = 0
    n: int = 0

    @property
    def kept(self) -> int:
        """Taken less given back: the sum of the methods."""
        return self.taken - self.refunded

    def add(self, other: DaySums) -> None:
        """Add another day to it."""
        for method, amount in other.by_method.items():
            self.by_method[method] += amount
        for name in ("taken", "refunded", "charged", "written_off", "n"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class CentreSheet:
    """A centre's ledger of a period in one currency: its days, the latest first, and their total."""

    currency: str
    days: list[DaySums]
    total: DaySums


def centre_ledger(centre: Centre, period: Period) -> list[CentreSheet]:
    """What a centre took, day by day on its own clock; two queries."""
    found: dict[str, dict[date, DaySums]] = {centre.currency: {}}

    def at(currency: str, day: date) -> DaySums:
        return found.setdefault(currency, {}).setdefault(day, DaySums(day))

    is_back = Q(refund_of__isnull=False)
    payments = payments_of(centre, period).order_by().annotate(day=TruncDate("at", tzinfo=ZoneInfo(centre.zone)))
    told = payments.values_list("account__currency", "day", "method")
    for currency, day, method, taken, returned, n in told.annotate(
        taken=_sum(~is_back), returned=_sum(is_back), n=Count("pk")
    ):
        sums = at(currency, day)
        sums.by_method[method] += taken - returned
        sums.taken, sums.refunded, sums.n = sums.taken + taken, sums.refunded + returned, sums.n + n
    for currency, day, kind, amount in _charged(centre, period):
        sums = at(currency, day)
        sums.charged += amount if kind == CHARGES[0] else 0
        sums.written_off -= 0 if kind == CHARGES[0] else amount
    return [_sheet(currency, days) for currency, days in sorted(found.items())]


def _charged(centre: Centre, period: Period) -> Any:
    since, until = period.moments(centre.zone)
    charges = Charge.objects.filter(account__centre=centre, at__gte=since, at__lt=until).order_by()
    days = charges.annotate(day=TruncDate("at", tzinfo=ZoneInfo(centre.zone)))
    return days.values_list("account__currency", "day", "kind").annotate(Sum("amount"))


def _sheet(currency: str, days: dict[date, DaySums]) -> CentreSheet:
    total = DaySums(None)
    for day in days.values():
        total.add(day)
    return CentreSheet(currency, [days[day] for day in sorted(days, reverse=True)], total)


def payments_of(centre: Centre, period: Period) -> QuerySet[Payment]:
    """Payments and refunds of a centre in a period, the earliest first."""
    since, until = period.moments(centre.zone)
    return Payment.objects.filter(account__centre=centre, at__gte=since, at__lt=until).order_by("at", "pk")


def n_clients(payments: QuerySet[Payment], most: int) -> int:
    """Of how many clients these payments are; counted no further than one beyond `most`."""
    clients = payments.order_by().values("account__customer").distinct()
    return clients[: most + 1].count()


# ── Who owes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Debts:
    """Orders that still owe, the oldest first; what they owe together, currency by currency; the next page."""

    rows: list[Any]
    totals: list[tuple[str, int, int]]
    later: str = ""


def debtors(staff: Staff, centre: Centre | None, cursor: str = "", *, size: int = PAGE) -> Debts:
    """Who owes at the centres whose ledger he sees, since when and until when; each row has its `owed`."""
    found = indebted(staff, centre)
    totals = list(found.order_by("currency").values_list("currency").annotate(owed=_owed(), n=Count("pk")))
    rows: list[Any] = list(_after(found, cursor).select_related("customer", "centre")[: size + 1])
    later = _cursor(rows[size - 1]) if len(rows) > size else ""
    return Debts(rows[:size], totals, later)


def indebted(staff: Staff, centre: Centre | None) -> QuerySet[Account]:
    """Accounts that owe something, of one centre or of all that he sees, the oldest first."""
    centres = staff.centre_ids(LEDGER) & ({centre.pk} if centre else staff.centre_ids(LEDGER))
    return Account.objects.indebted().filter(centre__in=centres).order_by("due_since", "pk")


def _owed() -> Any:
    return Sum(F("due") - F("paid"))


def _cursor(account: Account) -> str:
    assert account.due_since is not None
    return f"{account.due_since.isoformat()}_{account.pk}"


def _after(accounts: QuerySet[Account], cursor: str) -> QuerySet[Account]:
    """Accounts behind the one that the cursor names; all of them where it names none."""
    moment, _, key = cursor.partition("_")
    try:
        since, pk = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return accounts
    if since.tzinfo is None:
        return accounts
    return accounts.filter(Q(due_since__gt=since) | Q(due_since=since, pk__gt=pk))
