"""Who sells at the demo and for how much: a legal entity, a price list."""

from __future__ import annotations

from datetime import UTC, datetime, time

from dovolen.desk.assets.models import FEE, LABOUR, Category
from dovolen.desk.demo import bulk, taxes
from dovolen.desk.demo.history import DIAGNOSIS_FEE, Trade
from dovolen.desk.demo.house import House
from dovolen.desk.demo.ledger import Ledger
from dovolen.desk.demo.told import told
from dovolen.desk.money import actions
from dovolen.desk.money.models import LegalEntity, PriceItem

ROUBLES = "RUB"


def open_shop(house: House, *, now: datetime) -> LegalEntity:
    """The entity in whose name both places sell: under the simplified regime, with its tax since there is one."""
    by, begins = house.director, datetime.combine(taxes.SINCE, time(9), UTC)
    facts = taxes.at(now)
    entity = actions.add_entity(by=by, now=now, **told()["seller"], **facts)
    for centre in house.centres:
        actions.set_seller(centre=centre, entity=entity, by=by, now=now)
    if now < begins:
        actions.change_entity(
            entity=entity, seen=entity.version, by=by, now=begins, **told()["seller"], **taxes.at(begins)
        )
    return entity


def price_list(house: House, trade: Trade, ledger: Ledger, *, now: datetime) -> None:
    """What usually mends each category, what is offered beside, and the diagnosis."""
    items: dict[tuple[str, str, int | None], PriceItem] = {}

    def add(kind: str, name: str, price: int, cost: int | None, minutes: int, category: Category | None) -> None:
        key = kind, name, category.pk if category else None
        items.setdefault(
            key,
            PriceItem(
                kind=kind, name=name, price=price, cost=cost, norm_minutes=minutes, category=category,
                currency=ROUBLES, position=10 * (len(items) + 1),
            ),
        )  # fmt: skip

    add(FEE, told()["fee"], DIAGNOSIS_FEE, None, 30, None)
    for name, price, minutes in told()["extras"]:
        add(LABOUR, name, price, price * 3 // 10, minutes, None)
    for category in sorted(trade.categories.values(), key=lambda one: (one.position, one.pk)):
        for fault in trade.faults.get(category.pk, []):
            for line in fault.lines.all():
                add(line.kind, line.name, line.price, line.cost, line.norm_minutes, category)
    bulk.write(items.values())
    for item in items.values():
        ledger.note(
            "price.added", subject=item, by=house.director, at=now, sort=item.kind, price=item.price,
            currency=item.currency, norm_minutes=item.norm_minutes,
        )  # fmt: skip
