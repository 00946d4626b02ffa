"""The board: open orders in columns, a stage each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.models import Event
from dovolen.desk.orders.models import CLOSED, Stage
from dovolen.desk.orders.queries.lists import OrderFilter, OrderRow, matching, row_of, with_names

CARDS = 12
"""In a column; the list shows the others."""


@dataclass(frozen=True)
class Column:
    """A stage with the orders in it, the nearest promise first."""

    stage: Stage
    n: int
    rows: list[OrderRow]

    @property
    def n_more(self) -> int:
        """Orders that the column does not show."""
        return self.n - len(self.rows)


def columns(asked: OrderFilter, stages: Iterable[Stage], staff: Staff, now: datetime) -> list[Column]:
    """The board in two queries; a stage that is switched off has a column while orders stand in it."""
    found = matching(replace(asked, state="open", stage=""), staff, now)
    counted = dict(found.values_list("stage").order_by("stage").annotate(n=Count("pk")))
    by_promise = (F("promised_at").asc(nulls_last=True), F("pk").asc())
    nth = Window(RowNumber(), partition_by="stage", order_by=by_promise)
    shown = with_names(found.annotate(nth=nth).filter(nth__lte=CARDS)).order_by("stage_id", *by_promise)
    rows: dict[int, list[OrderRow]] = defaultdict(list)
    for order in shown:
        rows[order.stage_id].append(row_of(order, staff, now))
    return [
        Column(stage, counted.get(stage.pk, 0), rows[stage.pk])
        for stage in stages
        if stage.phase != CLOSED and (stage.is_active or counted.get(stage.pk))
    ]


def pulse() -> int:
    """A number that grows whenever anything happens in the house."""
    return Event.objects.aggregate(last=Max("id"))["last"] or 0
