"""Numbers of papers: one after another without a gap, each kind for itself at every centre in every year."""

from __future__ import annotations

from django.db import connection, models

from dovolen.desk.core.models import Counter


def next_number(kind: str, centre: models.Model | None, year: int) -> int:
    """The next number, from 1. It is given inside the transaction that uses it: what is rolled back leaves no gap.

    Without a centre, numbers are those of the whole house.
    Whoever asks next for the same kind, centre and year waits until this transaction ends: ask late.
    Raises: ValueError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise ValueError("a number is given in the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Counter._meta.db_table} AS counter (kind, centre_id, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (kind, centre_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [kind, centre.pk if centre else 0, year],
        )
        return int(cursor.fetchone()[0])
