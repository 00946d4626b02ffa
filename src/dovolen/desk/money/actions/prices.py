"""The price list: an item is added, changed, offered no more. Lines of orders keep what they were made with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import LINE_KINDS
from dovolen.desk.core import journal
from dovolen.desk.core.changes import change
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Mark
from dovolen.desk.core.search import folded
from dovolen.desk.core.values import MOST_MONEY, known, said, whole
from dovolen.desk.money.models import PriceItem
from dovolen.desk.money.taxes import TAX_CODES

RIGHT = "set prices"
LOCK = "money.prices"
MOST_MINUTES, MOST_DAYS = 366 * 24 * 60, 3650


class PriceTaken(Refusal):
    """The same stands in the list already, for the same things at the same place."""

    key = "ledger.refused.price_taken"


@transaction.atomic
def add_price(*, by: Staff, now: datetime, **facts: Any) -> PriceItem:
    """A further item: kind, name, price, currency; category, centre, cost, norm_minutes, warranty_days, tax_code.

    Raises: NotAllowed, PriceTaken, NoText, TooLong, OutOfRange, UnknownCode. Leaves: `price.added`.
    """
    _require(by, facts.get("centre"))
    item = PriceItem(**_sound(facts))
    _check_free(item, now)
    item.save()
    journal.record(
        "price.added", subject=item, by=by, at=now, centre=item.centre, sort=item.kind, price=item.price,
        currency=item.currency, norm_minutes=item.norm_minutes,
    )  # fmt: skip
    return item


@transaction.atomic
def change_price(*, item: PriceItem, seen: int, by: Staff, now: datetime, **facts: Any) -> None:
    """Change what is told of an item. Whoever moves it has a say at both places.

    Raises: as `add_price`, and Stale. Leaves: `price.changed` with the names of what changed and both prices.
    """
    before = item.price
    _require(by, item.centre)
    _require(by, facts.get("centre", item.centre))
    told = _sound(facts)
    _check_free(PriceItem(**{**{name: getattr(item, name) for name in CALLED}, **_called(told)}, pk=item.pk), now)
    changed = change(item, seen=seen, **told)
    if changed:
        journal.record(
            "price.changed", subject=item, by=by, at=now, centre=item.centre, changed=changed, before=before,
            price=item.price, currency=item.currency,
        )  # fmt: skip


@transaction.atomic
def switch_price(*, item: PriceItem, on: bool, by: Staff, now: datetime) -> None:
    """Offer an item no more, or again. Raises: NotAllowed, PriceTaken. Leaves: `price.switched_on`, `…_off`."""
    _require(by, item.centre)
    if on:
        _check_free(item, now)
    if PriceItem.objects.filter(pk=item.pk, is_active=not on).update(is_active=on):
        item.is_active = on
        kind = "price.switched_on" if on else "price.switched_off"
        journal.record(kind, subject=item, by=by, at=now, centre=item.centre)


def _require(by: Staff, centre: Centre | None) -> None:
    """An item of the whole house is a matter of all its centres. Raises: NotAllowed."""
    held = by.centre_ids(RIGHT)
    needed = {centre.pk} if centre else set(Centre.objects.values_list("pk", flat=True))
    if not needed <= held:
        raise NotAllowed


CALLED = ("kind", "name", "category", "centre")


def _called(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in CALLED if name in facts}


def _check_free(item: PriceItem, now: datetime) -> None:
    """Whoever else writes to the list waits. Raises: PriceTaken."""
    Mark.objects.update_or_create(name=LOCK, defaults={"at": now})
    alike = PriceItem.objects.filter(kind=item.kind, category=item.category, centre=item.centre, is_active=True)
    if any(folded(name) == folded(item.name) for name in alike.exclude(pk=item.pk).values_list("name", flat=True)):
        raise PriceTaken(name=item.name)


def _sound(facts: dict[str, Any]) -> dict[str, Any]:
    """What is told, as the table keeps it. Raises: NoText, TooLong, OutOfRange, UnknownCode."""
    sound = dict(facts)
    checks: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: said(value, 200), "kind": lambda value: known(value, LINE_KINDS),
        "price": lambda value: whole(value, MOST_MONEY), "norm_minutes": lambda value: whole(value, MOST_MINUTES),
        "tax_code": lambda value: known(value, ("", *TAX_CODES)),
    }  # fmt: skip
    optional = {"cost": MOST_MONEY, "warranty_days": MOST_DAYS}
    for name in sorted(checks.keys() & sound.keys()):
        sound[name] = checks[name](sound[name])
    for name in sorted(optional.keys() & sound.keys()):
        sound[name] = None if sound[name] is None else whole(sound[name], optional[name])
    return sound
