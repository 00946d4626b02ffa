"""What is found by a few typed signs: clients, their devices, orders – each only where he may see it."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Asset
from dovolen.desk.core import search
from dovolen.desk.orders.models import OrderQuerySet, RepairOrder
from dovolen.desk.people.models import Customer


@dataclass(frozen=True)
class Thing:
    """A device with its owner, where he may know him."""

    asset: Asset
    owner: Customer | None


@dataclass(frozen=True)
class Found:
    """Answers, the best first."""

    people: list[Customer]
    things: list[Thing]
    orders: list[RepairOrder]

    @property
    def n(self) -> int:
        """How many in all."""
        return len(self.people) + len(self.things) + len(self.orders)


def find(text: str, staff: Staff, *, n: int) -> Found:
    """At most `n` of each kind; open orders of clients and devices that were found stand among the orders."""
    seen = RepairOrder.objects.visible_to(staff)
    people, devices = Customer.objects.visible_to(staff), Asset.objects.visible_to(staff)
    keys = search.find_all(text, {"customer": people, "asset": devices, "order": seen}, n=n)
    assets = devices.select_related("category").in_bulk(keys["asset"])
    wanted = {*keys["customer"], *(asset.owner_id for asset in assets.values() if asset.owner_id)}
    known = people.prefetch_related("phones").in_bulk(sorted(wanted))
    return Found(
        [known[key] for key in keys["customer"] if key in known],
        [Thing(assets[key], known.get(assets[key].owner_id or 0)) for key in keys["asset"] if key in assets],
        _orders(seen, keys, n),
    )


def _orders(seen: OrderQuerySet, keys: dict[str, list[int]], n: int) -> list[RepairOrder]:
    """Orders found by themselves first, then the open ones of whoever and whatever was found."""
    underway = seen.open()
    his = underway.filter(customer__in=keys["customer"]).values("pk")
    its = underway.filter(asset__in=keys["asset"]).values("pk")
    place = {key: at for at, key in enumerate(keys["order"])}
    own = seen.filter(pk__in=keys["order"]).values("pk")
    listed = RepairOrder.objects.filter(pk__in=own.union(his, its, all=True))  # each by its index
    listed = listed.select_related("customer", "asset", "category", "stage")
    return sorted(listed.order_by("-pk")[: 2 * n], key=lambda order: place.get(order.pk, n))[:n]
