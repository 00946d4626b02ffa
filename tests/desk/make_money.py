"""Money that tests begin with, made by real actions: accounts of orders, payments, an open drawer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.money import actions
from dovolen.desk.money.models import Account, CashShift, Payment
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON
from tests.desk.make_people import person


def shift(*, by: Staff, centre: Centre | None = None, opening: int = 500_000, now: datetime = NOON) -> CashShift:
    """An open drawer."""
    return actions.open_shift(centre=centre or _centre(by), opening=opening, by=by, now=now)


def charged(
    *, by: Staff, amount: int = 1_000_000, number: int = 1, customer: Customer | None = None,
    centre: Centre | None = None, now: datetime = NOON,
) -> Account:  # fmt: skip
    """The account of an order that is to be paid."""
    made = actions.charge(
        order_number=number, centre=centre or _centre(by), customer=customer or person(by=by), currency="RUB",
        amount=amount, by=by, now=now,
    )  # fmt: skip
    assert made is not None
    return made


def paid(
    account: Account, amount: int, *, by: Staff, method: str = "card", now: datetime = NOON, **more: Any
) -> Payment:
    """A payment into an account."""
    return actions.take_payment(
        order_number=account.order_number, centre=account.centre, customer=account.customer,
        currency=account.currency, method=method, amount=amount, by=by, now=now, **more,
    )  # fmt: skip


def prepaid(amount: int, *, by: Staff, number: int = 1, method: str = "card", now: datetime = NOON) -> Payment:
    """A payment for an order that owes nothing yet."""
    return actions.take_payment(
        order_number=number, centre=_centre(by), customer=person(by=by), currency="RUB", method=method, amount=amount,
        by=by, now=now,
    )  # fmt: skip


def events(account: Account) -> list[str]:
    """What the journal says of an account, the earliest first."""
    return list(journal.timeline(account).order_by("id").values_list("kind", flat=True))


def _centre(by: Staff) -> Centre:
    assert by.centre is not None
    return by.centre
