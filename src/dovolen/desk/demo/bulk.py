"""Many rows at once, several times faster than the ORM writes them: for a base that nobody uses yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Adapt = Callable[[Any], Any]


def write(rows: Iterable[Any]) -> None:
    """Write rows of one table, giving keys where they have none: from the highest key on.

    Constraints are the base's own; checks, defaults that Python gives and keys of related rows hold as always.
    """
    made = list(rows)
    if not made:
        return
    model: type[models.Model] = type(made[0])
    _give_keys(model, made)
    fields = model._meta.concrete_fields
    columns = [(field.attname, _adapter(field)) for field in fields]
    _point(model, made)
    told = [[adapt(getattr(row, name)) if adapt else getattr(row, name) for name, adapt in columns] for row in made]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({", ".join(["%s"] * len(fields))})', told
        )
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _give_keys(model: type[models.Model], rows: list[Any]) -> None:
    key = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    for row in rows:
        if row.pk is None:
            key += 1
            row.pk = key


def _point(model: type[models.Model], rows: list[Any]) -> None:
    """Rows that point at others which had no key when they were thought of have it now."""
    pointing = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    for row in rows:
        for field in pointing:
            if field.is_cached(row) and (other := getattr(row, field.name)) is not None:
                setattr(row, field.attname, other.pk)


def _adapter(field: models.Field[Any, Any]) -> Adapt | None:
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return _day
    if isinstance(field, models.DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if value else None


def _day(value: date | None) -> Any:
    return connection.ops.adapt_datefield_value(value) if value else None
