"""What the base says of money, by statements of its own: the tests ask no query of the product for it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection

from dovolen.desk.core.models import Event
from dovolen.desk.money.models import Account, CashMove, CashShift, Charge, Payment
from dovolen.desk.orders.models import Line, RepairOrder

TABLES = {
    "account": Account, "charge": Charge, "payment": Payment, "shift": CashShift, "move": CashMove, "event": Event,
    "line": Line, "repair": RepairOrder,
}  # fmt: skip
ALL = """
SELECT (SELECT SUM(due) FROM {account}), (SELECT SUM(paid) FROM {account}),
       (SELECT SUM(amount) FROM {payment}), (SELECT SUM(refunded) FROM {payment}), (SELECT COUNT(*) FROM {payment}),
       (SELECT SUM(amount) FROM {charge}), (SELECT SUM(amount) FROM {move}), (SELECT COUNT(closed_at) FROM {shift}),
       (SELECT MAX(id) FROM {event})
"""
"""All of money that could have moved."""
ACCOUNTS = """
SELECT account.order_number, account.due, account.paid, COALESCE(charged.sum, 0), COALESCE(paid.sum, 0)
FROM {account} AS account
LEFT JOIN (SELECT account_id, SUM(amount) AS sum FROM {charge} GROUP BY account_id) AS charged
    ON charged.account_id = account.id
LEFT JOIN (SELECT account_id, SUM(CASE WHEN refund_of_id IS NULL THEN amount ELSE -amount END) AS sum
           FROM {payment} GROUP BY account_id) AS paid ON paid.account_id = account.id
"""
PAYMENTS = """
SELECT payment.id, payment.amount, payment.refunded, COALESCE(back.sum, 0)
FROM {payment} AS payment
LEFT JOIN (SELECT refund_of_id, SUM(amount) AS sum FROM {payment} GROUP BY refund_of_id) AS back
    ON back.refund_of_id = payment.id
WHERE payment.refund_of_id IS NULL
"""
HOMELESS = "SELECT id FROM {payment} WHERE method = 'cash' AND shift_id IS NULL"
LATEST = """
SELECT facts FROM {event} WHERE id IN (SELECT MAX(id) FROM {event} WHERE subject_kind = %s GROUP BY subject_id)
"""
"""The last thing that the journal says of each account."""
SHIFTS = """
SELECT shift.id, shift.closed_at IS NULL, shift.expected, COALESCE(cash.n, 0), COALESCE(moved.n, 0),
       shift.opening + COALESCE(cash.sum, 0) + COALESCE(moved.sum, 0)
FROM {shift} AS shift
LEFT JOIN (SELECT shift_id, COUNT(*) AS n, SUM(CASE WHEN refund_of_id IS NULL THEN amount ELSE -amount END) AS sum
           FROM {payment} GROUP BY shift_id) AS cash ON cash.shift_id = shift.id
LEFT JOIN (SELECT shift_id, COUNT(*) AS n, SUM(CASE kind WHEN 'in' THEN amount ELSE -amount END) AS sum
           FROM {move} GROUP BY shift_id) AS moved ON moved.shift_id = shift.id
ORDER BY shift.id
"""
JOBS = """
SELECT line.id, COALESCE(repair.rework_of_id, repair.id), line.warranty_until,
       repair.outcome = 'repaired' AND line.state = 'approved'
FROM {line} AS line JOIN {repair} AS repair ON repair.id = line.order_id WHERE line.name = %s AND line.kind = 'labour'
"""
"""Lines of one job, each with the first order of its chain, its warranty and whether it was done."""


@cache
def _named(statement: str) -> str:
    return statement.format(**{name: model._meta.db_table for name, model in TABLES.items()})


def told(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the base answers."""
    with connection.cursor() as cursor:
        cursor.execute(_named(statement), values)
        return cursor.fetchall()
