"""What an order has to do with others: the chain of reworks, warranties that still run, work once declined."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from dovolen.desk.assets.models import Asset
from dovolen.desk.core.search import folded
from dovolen.desk.orders.models import APPROVED, CLOSED, DECLINED, Line, RepairOrder
from dovolen.desk.people.models import Customer


def first_of(order: RepairOrder) -> RepairOrder:
    """The order with which its chain began: itself where it is no rework."""
    return order.rework_of or order


def chain_of(order: RepairOrder) -> list[RepairOrder]:
    """The first order and every rework of it, as they were taken in; alone where there is none."""
    first = order.rework_of_id or order.pk
    chain = RepairOrder.objects.filter(Q(pk=first) | Q(rework_of=first)).select_related("stage", "centre")
    return list(chain.order_by("accepted_at", "pk"))


def job_key(line: Line) -> tuple[str, str]:
    """What makes two lines the same job: their kind, and their name however it was typed."""
    return line.kind, folded(line.name)


def warranty_of(asset: Asset, on: date) -> list[Line]:
    """Lines whose warranty holds on a day, the longest first, each with its order."""
    lines = Line.objects.filter(order__asset=asset, order__phase=CLOSED, state=APPROVED, warranty_until__gte=on)
    return list(lines.select_related("order").order_by("-warranty_until", "pk"))


def declined_of(
    subject: Customer | Asset, *, centres: Collection[int] | None = None, most: int | None = None
) -> list[Line]:
    """Work that the client declined and that was not offered again, the earliest to offer first, each with its order.

    `centres`: only of their orders.
    What was declined because the asset is beyond repair is not offered again.
    """
    whose = Q(order__asset=subject) if isinstance(subject, Asset) else Q(order__customer=subject)
    lines = Line.objects.filter(whose, state=DECLINED, offer_again_on__isnull=False)
    lines = lines.alias(offered=Coalesce("offered_in", 0)).filter(offered=0)  # a bare null leads through all lines
    if centres is not None:
        lines = lines.filter(order__centre__in=centres)
    return list(lines.select_related("order", "order__asset").order_by("offer_again_on", "pk")[:most])
