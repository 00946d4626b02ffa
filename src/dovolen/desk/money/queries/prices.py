"""The price list: what a line of an estimate is chosen from, and what its page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import Category
from dovolen.desk.core import search
from dovolen.desk.money.models import PriceItem

OFFERED = 20
"""Of items that answer to what was typed, so many are offered in a line."""
EVERYWHERE = 0
"""Stands for no centre and for no category, where one is chosen."""
IN_USE, OFF = "", "off"


@dataclass(frozen=True)
class PriceFilters:
    """What the price list shows; a category or centre of 0 asks for what holds for all."""

    text: str = ""
    category: int | None = None
    centre: int | None = None
    kind: str = ""
    state: str = IN_USE


def prices_for(category: Category | None, centre: Centre, text: str = "", *, n: int = OFFERED) -> list[PriceItem]:
    """Items that a line at this centre may be chosen from, the best first; all of them where nothing is typed.

    Of two that are called alike the more special one holds: this centre's before the house's, then this category's
    before all things'. Without a category, what belongs to one stays out. One query.
    """
    found = PriceItem.objects.filter(Q(centre=centre) | Q(centre=None), is_active=True, currency=centre.currency)
    found = found.filter(Q(category=category) | Q(category=None)) if category else found.filter(category=None)
    held: dict[tuple[str, str], PriceItem] = {}
    for item in found.order_by("position", "name", "pk"):
        called = item.kind, search.folded(item.name)
        if called not in held or _specialness(item) > _specialness(held[called]):
            held[called] = item
    return answering(text, held.values())[:n]


def _specialness(item: PriceItem) -> tuple[bool, bool]:
    return item.centre_id is not None, item.category_id is not None


def answering(text: str, items: Iterable[PriceItem]) -> list[PriceItem]:
    """Those whose names hold every word that was typed, in either keyboard layout; beginnings of words come first."""
    if not text.strip():
        return list(items)
    for words in search.readings(text):
        held = [(item, f" {search.folded(item.name)}") for item in items]
        inside = [(item, name) for item, name in held if all(word in name for word in words)]
        if inside:
            return [item for item, _ in sorted(inside, key=lambda one: not all(f" {word}" in one[1] for word in words))]
    return []


def price_list(staff: Staff, filters: PriceFilters) -> list[PriceItem]:
    """The list as its page shows it: the whole house's items, and those of the centres where he sets prices."""
    found = in_reach_of(staff).filter(is_active=filters.state != OFF)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    for name, key in (("category", filters.category), ("centre", filters.centre)):
        if key is not None:
            found = found.filter(**{name: key or None})
    rows = found.select_related("category", "centre").order_by("category__position", "position", "name", "pk")
    return answering(filters.text, list(rows))


def in_reach_of(staff: Staff) -> QuerySet[PriceItem]:
    """Items of the centres where he sets prices, and of the whole house."""
    return PriceItem.objects.filter(Q(centre=None) | Q(centre__in=staff.centre_ids("set prices")))
