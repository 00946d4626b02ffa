"""What orders check of themselves at night: totals against lines, chains of reworks."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection

from dovolen.desk.core.models import Mark
from dovolen.desk.orders.models import Line, RepairOrder

log = logging.getLogger("dovolen.worker")

MARK = "orders.totals"
TOLD = 20

# Whole numbers all the way, on every engine: thousandths of a quantity × minor units, rounded half up.
_EACH = "(CAST(ROUND(line.quantity * 1000) AS BIGINT) * {of} + 500) / 1000"
_WRONG = f"""
SELECT wrong.number FROM (
    SELECT repair.number FROM {RepairOrder._meta.db_table} AS repair
    LEFT JOIN (
        SELECT line.order_id,
               SUM(CASE WHEN line.state <> 'declined' THEN line.amount ELSE 0 END) AS total,
               SUM(CASE WHEN line.state = 'proposed' THEN 1 ELSE 0 END) AS n_waiting,
               SUM(CASE WHEN line.state <> 'declined' AND line.kind = 'part'
                        THEN {_EACH.format(of="COALESCE(line.cost, 0)")} ELSE 0 END) AS parts_cost,
               SUM(CASE WHEN line.state <> 'declined' AND line.kind <> 'part'
                        THEN {_EACH.format(of="COALESCE(line.cost, 0)")} ELSE 0 END) AS labour_cost,
               SUM(CASE WHEN line.state <> 'declined'
                        THEN {_EACH.format(of="line.norm_minutes")} ELSE 0 END) AS norm_minutes,
               SUM(CASE WHEN line.amount <> {_EACH.format(of="line.price")} - line.discount
                        THEN 1 ELSE 0 END) AS n_wrong
        FROM {Line._meta.db_table} AS line GROUP BY line.order_id
    ) AS told ON told.order_id = repair.id
    LEFT JOIN {RepairOrder._meta.db_table} AS earlier ON earlier.id = repair.rework_of_id
    WHERE NOT repair.is_past AND (
          repair.total <> COALESCE(told.total, 0) OR repair.n_waiting_lines <> COALESCE(told.n_waiting, 0)
       OR repair.parts_cost <> COALESCE(told.parts_cost, 0) OR repair.labour_cost <> COALESCE(told.labour_cost, 0)
       OR repair.norm_minutes <> COALESCE(told.norm_minutes, 0) OR told.n_wrong > 0
       OR earlier.rework_of_id IS NOT NULL)
) AS wrong ORDER BY wrong.number
"""


def wrong_orders() -> list[int]:
    """Numbers of orders whose row tells something else than their lines, or whose chain has two beginnings.

    Those of another system are as that told them.

    One statement: a consistent look, while others write.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        return [number for (number,) in cursor.fetchall()]


def check(*, now: datetime, **_: object) -> None:
    """Check every order and leave the finding for the status page. Nothing is mended: a wrong sum has a cause."""
    found = wrong_orders()
    for number in found[:TOLD]:
        log.error("orders: № %s does not add up", number)
    facts = {"n_wrong": len(found), "numbers": found[:TOLD]}
    Mark.objects.update_or_create(name=MARK, defaults={"at": now, "facts": facts})
