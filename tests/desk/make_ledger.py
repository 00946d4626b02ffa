"""Who sells, and what is billed, for tests of money: made by real actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.money import actions
from dovolen.desk.money.models import Invoice, LegalEntity, PriceItem
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON
from tests.desk.make_people import company
from tests.desk.make_statements import OURS

ENTITY = {
    "name": "Пример", "legal_name": "ООО «Пример»", "tax_number": "7600000005", "kpp": "760001001",
    "ogrn": "1247600000009", "bank_name": "АО «Банк Пример»", "bik": "047888999", "account": OURS,
    "corr_account": "30101810100000000999", "regime": "usn_5", "tax_code": "5",
}  # fmt: skip


def entity(*, by: Staff, centres: tuple[Centre, ...] | None = None, now: datetime = NOON, **told: str) -> LegalEntity:
    """A company that sells at these centres, by default at the one where `by` works."""
    made = actions.add_entity(by=by, now=now, **(ENTITY | told))
    own = (by.centre,) if by.centre else ()
    for centre in own if centres is None else centres:
        actions.set_seller(centre=centre, entity=made, by=by, now=now)
    return made


def price(*, by: Staff, name: str = "Замена матрицы", centre: Centre | None = None, **told: Any) -> PriceItem:
    """An item of the price list."""
    facts = {"kind": "labour", "price": 380_000, "currency": "RUB", "norm_minutes": 90, "centre": centre} | told
    return actions.add_price(name=name, by=by, now=NOON, **facts)


def invoice(
    *, by: Staff, entity: LegalEntity, number: str = "12", amount: int = 500_000, customer: Customer | None = None,
    order_number: int = 1, centre: Centre | None = None, due_on: date | None = None, now: datetime = NOON,
) -> Invoice:  # fmt: skip
    """A bill of an order, to a company where nobody is named."""
    place = centre or by.centre
    assert place is not None
    return actions.issue_invoice(
        number=number, entity=entity, centre=place, customer=customer or company(by=by, centre=place, now=now),
        order_number=order_number, amount=amount, currency="RUB", by=by, now=now, due_on=due_on,
    )  # fmt: skip
