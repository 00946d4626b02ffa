"""The room of value alone, with the face of a study: the other rooms are not asked."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import pyarrow as pa

from dovolen.insight.config import Config
from dovolen.insight.facts import Views
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base
from dovolen.insight.schema import Tables
from dovolen.insight.study import study
from dovolen.insight.value import Worth


class RoomOfValue:
    """`Worth` over a study's views; figures and sheets by key."""

    def __init__(self, tables: Tables, asof: date | None = None, *, compare: date | None = None, **settings: object):
        config = Config(**settings)
        made = study(tables, asof, config, compare=compare)
        self.views: Views = made.views
        self.asof = made.asof
        self.earliest: date = self.views.row("SELECT MIN(accepted_date) AS earliest FROM orders")["earliest"]
        base = Base(self.views, config, made.asof, made.compare, self.earliest, tables.currency, tables.zone)
        self.room = Worth(base)
        self.steps = made.steps if "customer_id" in self.views.given("orders") else {}

    @cached_property
    def figures(self) -> dict[str, Figure]:
        return {figure.key: figure for figure in self.room.figures()}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        return {sheet.key: sheet for sheet in self.room.sheets() if sheet is not None}

    @cached_property
    def clients(self) -> pa.Table:
        found = self.room.clients()
        assert found is not None
        return found

    @property
    def missing(self) -> list[tuple[str, str]]:
        return self.room.missing()
