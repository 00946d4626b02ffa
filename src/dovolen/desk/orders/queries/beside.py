"""What lies beside the work of an order: parts on their way and photos, by one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, BooleanField, DateTimeField, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast

from dovolen.desk.orders.models import AwaitedPart, Photo, RepairOrder

PART, PHOTO = "part", "photo"
READ = ("line_id", "name", "supplier", "ordered_at", "promised_at", "expected_at", "arrived_at", "cancelled_at")
"""What is read of a part."""


def parts_and_photos(order: RepairOrder) -> tuple[list[AwaitedPart], list[Photo]]:
    """Parts, those underway first, and photos, the earliest first: as much of both as pages show."""
    is_shown = Value(value=True, output_field=BooleanField())
    parts = AwaitedPart.objects.filter(order=order).order_by().values_list(Value(PART), "pk", *READ, is_shown)
    never = Cast(Value(None), DateTimeField())
    photos = Photo.objects.filter(order=order).order_by()
    told = photos.values_list(
        Value(PHOTO), "pk", Cast(Value(None), BigIntegerField()), "caption", Value("", CharField()), "at", never, never,
        never, never, "is_for_client",
    )  # fmt: skip
    rows = list(parts.union(told, all=True))
    return (
        sorted((_part(order, row) for row in rows if row[0] == PART), key=_urgency),
        sorted((_photo(order, row) for row in rows if row[0] == PHOTO), key=lambda one: (one.at, one.pk)),
    )


def _part(order: RepairOrder, row: Any) -> AwaitedPart:
    return AwaitedPart(pk=row[1], order=order, **dict(zip(READ, row[2:-1], strict=True)))


def _photo(order: RepairOrder, row: Any) -> Photo:
    return Photo(pk=row[1], order=order, caption=row[3], at=row[5], is_for_client=row[-1])


def _urgency(part: AwaitedPart) -> tuple[bool, bool, datetime, int]:
    """What is underway before what is here, the earlier first, what has no date last."""
    at = part.expected_at or part.ordered_at
    return part.arrived_at is not None, part.expected_at is None, at, part.pk
