"""Forms of the money of an order: paid, given back, taken off, asked no more; and how it is handed over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dovolen.desk.core import words
from dovolen.desk.money.models import METHODS, Payment
from dovolen.desk.orders.actions import GIVEN_BACK, Paid
from dovolen.desk.orders.forms.order import OrderForm, coded
from dovolen.desk.orders.models import REPAIRED, RepairOrder
from dovolen.desk.shell.forms import DayField, MoneyField

USUAL_METHOD = "card"
LONGEST_RECEIPT = 40


def methods() -> list[tuple[str, str]]:
    """Ways to pay, in words."""
    speaker = words.current()
    return [(code, speaker.name("money.method", code)) for code in METHODS]


class PaymentForm(OrderForm):
    """Money that a client puts on the desk."""

    method = forms.ChoiceField(widget=forms.RadioSelect, initial=USUAL_METHOD)
    amount = MoneyField()
    receipt_number = forms.CharField(required=False, max_length=LONGEST_RECEIPT)

    def __init__(self, *args: Any, order: RepairOrder, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("method", methods())
        self.count_in(order.currency)

    def paid(self) -> Paid | None:
        """As the action takes it; none where nothing is put down."""
        amount = self.cleaned_data.get("amount")
        return Paid(self.cleaned_data["method"], amount, self.cleaned_data["receipt_number"]) if amount else None


class PickupForm(PaymentForm):
    """How it ended, who took it, what is paid there and then; a debt is agreed to by whoever may."""

    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(required=False, max_length=200)
    receiver = forms.CharField(required=False, max_length=120)
    amount = MoneyField(required=False)
    unpaid_agreed = forms.BooleanField(required=False)
    due_on = DayField(required=False)

    def __init__(self, *args: Any, order: RepairOrder, left: int, is_ready: bool, may: dict[str, bool], **values: Any):
        values["initial"] = {"outcome": REPAIRED if is_ready else "declined", "amount": left}
        super().__init__(*args, order=order, **values)
        self.left = left
        self.offer("outcome", coded("outcome", [one for one in GIVEN_BACK if is_ready or one != REPAIRED]))
        if not (left and may["pay"]):
            self._drop("method", "amount", "receipt_number")
        if not (left and may["owe"]):
            self._drop("unpaid_agreed", "due_on")

    def clean(self) -> dict[str, Any]:
        """Who hands over unpaid says so of less than the whole sum."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("unpaid_agreed") and (cleaned.get("amount") or 0) >= self.left:
            self.add_error("amount", words.say("order_page.owed_and_paid"))
        return cleaned

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        names = ("outcome", "reason", "receiver", "unpaid_agreed", "due_on")
        told: dict[str, Any] = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return told | {"paid": self.paid()}


class RefundForm(OrderForm):
    """Money back to the client."""

    method = forms.ChoiceField(widget=forms.RadioSelect)
    amount = MoneyField()
    reason = forms.CharField(max_length=200)
    receipt_number = forms.CharField(required=False, max_length=LONGEST_RECEIPT)
    is_owed_again = forms.BooleanField(required=False)

    def __init__(self, *args: Any, payment: Payment, spare: int, **values: Any) -> None:
        left = payment.amount - payment.refunded
        values["initial"] = {"method": payment.method, "amount": min(left, spare) if spare else left}
        super().__init__(*args, **values)
        self.fields["method"].label = words.say("order_page.field.refund_method")
        self.offer("method", methods())
        self.count_in(payment.account.currency)


class ReceiptForm(OrderForm):
    """The number on the receipt of the till."""

    receipt_number = forms.CharField(max_length=LONGEST_RECEIPT)


class WriteOffForm(OrderForm):
    """A debt that nobody will pay."""

    amount = MoneyField()
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, order: RepairOrder, debt: int, **values: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": debt}, **values})
        self.count_in(order.currency)


class DiscountForm(OrderForm):
    """A part or a sum taken off; neither takes back what was taken off before."""

    percent = forms.DecimalField(
        required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2, localize=True
    )
    amount = MoneyField(required=False)
    discount_reason = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, order: RepairOrder, **values: Any) -> None:
        super().__init__(*args, **values)
        self.count_in(order.currency)

    def clean(self) -> dict[str, Any]:
        """A part or a sum, not both; a reason for either."""
        cleaned = super().clean() or self.cleaned_data
        percent, amount = cleaned.get("percent"), cleaned.get("amount")
        if percent is not None and amount is not None:
            raise ValidationError(words.say("order_page.discount_both"))
        if (percent or amount) and not cleaned.get("discount_reason"):
            self.add_error("discount_reason", words.say("core.refused.no_text"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        percent: Decimal | None = self.cleaned_data["percent"]
        return {
            "percent": percent,
            "amount": self.cleaned_data["amount"],
            "reason": self.cleaned_data["discount_reason"],
        }
