"""What points at a client: asked of Django, not listed, so that a table that comes later is not forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from dovolen.desk.people.models import Customer

Column = models.ForeignKey[Any, Any]
STAYS = {("people.merge", "kept"), ("people.merge", "absorbed"), ("people.customer", "merged_into")}
"""What tells of merges themselves."""


def columns() -> Iterator[Column]:
    """Every column of every table that names a client and goes with him when he is joined to another."""
    for relation in Customer._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        column: Any = relation.field
        if (column.model._meta.label_lower, column.name) not in STAYS:
            yield column


def named(column: Column) -> str:
    """How a column is remembered: `orders.repairorder.customer`."""
    return f"{column.model._meta.label_lower}.{column.name}"
