"""Money of an order: taken, given back, taken off its price, asked no more; receipts of the till."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.once import once
from dovolen.desk.money import actions as money
from dovolen.desk.money.models import Account, Payment
from dovolen.desk.money.queries import open_shift_of
from dovolen.desk.orders import actions
from dovolen.desk.orders.forms.money import DiscountForm, PaymentForm, ReceiptForm, RefundForm, WriteOffForm
from dovolen.desk.orders.models import DECLINED, Line, RepairOrder
from dovolen.desk.orders.queries.money import paying_of
from dovolen.desk.orders.views import sheets


@may("take payments")
@once
def new_payment(request: HttpRequest, number: int) -> HttpResponse:
    """Money from the client: a prepayment before it is handed over, a debt afterwards."""
    order = sheets.found(request, number, "pay")
    paying = paying_of(order)
    first = {"amount": paying.left or None}
    form = PaymentForm(request.POST or None, order=order, initial=first)

    def act() -> None:
        paid = form.paid()
        assert paid is not None  # the field asks for a sum
        actions.pay(order=order, paid=paid, by=access.person(request), now=timezone.now())

    return sheets.sheet(
        request, order, "payment", form, act, template="orders/payment.html", paying=paying,
        drawer=open_shift_of(order.centre),
    )  # fmt: skip


@may("refund")
@once
def refund(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Money back to the client, of one payment."""
    order = sheets.found(request, number, "refund")
    payment = _payment(order, key)
    paying = paying_of(order)
    form = RefundForm(request.POST or None, payment=payment, spare=paying.over)

    def act() -> None:
        money.refund(payment=payment, by=access.person(request), now=timezone.now(), **form.cleaned_data)

    return sheets.sheet(
        request, order, "refund", form, act, template="orders/refund.html", payment=payment, paying=paying,
        drawer=open_shift_of(order.centre),
    )  # fmt: skip


@may("take payments")
@once
def receipt(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """The number of the till's receipt, filled in later or put right."""
    order = sheets.found(request, number, "pay")
    payment = _payment(order, key)
    form = ReceiptForm(request.POST or None, initial={"receipt_number": payment.receipt_number})

    def act() -> None:
        number_of_till = form.cleaned_data["receipt_number"]
        money.note_receipt(payment=payment, number=number_of_till, by=access.person(request), now=timezone.now())

    return sheets.sheet(request, order, "receipt", form, act)


@may("refund")
@once
def write_off(request: HttpRequest, number: int) -> HttpResponse:
    """A debt that nobody will pay."""
    order = sheets.found(request, number, "refund")
    account = get_object_or_404(Account, order_number=order.number)
    form = WriteOffForm(request.POST or None, order=order, debt=account.debt)

    def act() -> None:
        money.write_off(account=account, by=access.person(request), now=timezone.now(), **form.cleaned_data)

    return sheets.sheet(request, order, "write_off", form, act, warning=words.say("order_page.write_off_note"))


@may("give discounts")
@once
def discount(request: HttpRequest, number: int) -> HttpResponse:
    """Something off the whole estimate."""
    order = sheets.found(request, number, "discount")
    return _discount(request, order, None)


@may("give discounts")
@once
def line_discount(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Something off one line."""
    order = sheets.found(request, number, "discount")
    return _discount(request, order, get_object_or_404(order.lines.exclude(state=DECLINED), pk=key))


def _discount(request: HttpRequest, order: RepairOrder, line: Line | None) -> HttpResponse:
    lines = [line] if line else list(order.lines.exclude(state=DECLINED).order_by("position", "pk"))
    off = sum(one.discount for one in lines)
    reason = next((one.discount_reason for one in lines if one.discount_reason), "")
    first = {"amount": off or None, "discount_reason": reason}
    form = DiscountForm(request.POST or None, order=order, initial=first)

    def act() -> None:
        actions.give_discount(
            order=order, line=line, by=access.person(request), now=timezone.now(), **form.values()
        )  # fmt: skip

    return sheets.sheet(
        request, order, "discount", form, act, template="orders/discount.html", line=line, off=off,
        full=sum(one.amount + one.discount for one in lines),
    )  # fmt: skip


def _payment(order: RepairOrder, key: int) -> Payment:
    payments = Payment.objects.select_related("account__centre")
    return get_object_or_404(payments, pk=key, account__order_number=order.number)
