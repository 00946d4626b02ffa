"""Snapshots for tests: made in earnest of what the base holds, or rows written as a page needs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis.models import (
    ASKED,
    DONE,
    ClientResult,
    OrderScore,
    RiskPoint,
    Snapshot,
    StudyFigure,
    StudySheet,
)
from dovolen.desk.analysis.packing import packed, plain
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON

TODAY = NOON.date()


def snapshot(*, day: date = TODAY, centre: Centre | None = None, by: Any = None) -> Snapshot:
    """A real one, of what the test's base holds: takes a second or two, so make one for many tests."""
    from dovolen.desk.analysis import actions
    from dovolen.desk.analysis.work import running

    asked = actions.ask(centre=centre, day=day, cause=ASKED, by=by, now=NOON)
    assert running.step(clock=lambda: NOON, lease=timedelta(minutes=50))  # no thread asks for more meanwhile
    return Snapshot.objects.get(pk=asked.pk)


def published(*, day: date = TODAY, centre: Centre | None = None, **meta: Any) -> Snapshot:
    """A published one without figures, sheets and rows: add those the page shows. `meta` as `Study.meta` has it."""
    from dataclasses import asdict

    from dovolen.insight.config import Config

    told = {
        "source": "", "asof": day, "compare": day - timedelta(days=365), "earliest": day - timedelta(days=1000),
        "latest": day, "currency": "RUB", "currency_from": "given", "zone": "Europe/Moscow", "zone_from": "given",
        "grid": 5, "direction": "best5", "engine": "duckdb", "ignored_columns": [], "config": asdict(Config()), **meta,
    }  # fmt: skip
    return Snapshot.objects.create(
        centre=centre, day=day, cause=ASKED, state=DONE, asked_at=NOON, began_at=NOON, done_at=NOON, meta=plain(told)
    )


def known(snapshot: Snapshot, customer: Customer, **columns: Any) -> ClientResult:
    """What it says of a client."""
    return ClientResult.objects.create(snapshot=snapshot, customer=customer, **columns)


def figure(snapshot: Snapshot, key: str, value: Any, unit: str = "count", **more: Any) -> StudyFigure:
    """One figure; a value of None stands for too few data."""
    given = {
        "rule": f"rule.{key}",
        "since": snapshot.day - timedelta(days=365),
        "until": snapshot.day,
        "few": value is None,
    }
    return StudyFigure.objects.create(snapshot=snapshot, key=key, value=plain(value), unit=unit, **{**given, **more})


def sheet(
    snapshot: Snapshot, key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], **more: Any
) -> StudySheet:
    """One sheet: `sheet(s, "risk.points", [("point", "word"), ("n_now", "clients")], [("late_last_order", 3)])`."""
    given = {"rule": f"rule.{key}", "since": snapshot.day - timedelta(days=365), "until": snapshot.day}
    return StudySheet.objects.create(
        snapshot=snapshot, key=key, columns=[list(column) for column in columns], rows=packed(rows), n_rows=len(rows),
        **{**given, **more},
    )  # fmt: skip


def risk(snapshot: Snapshot, customer: Customer, point: str, **more: Any) -> RiskPoint:
    """A sign of leaving, with evidence like `late_last_order=hours:26`."""
    return RiskPoint.objects.create(snapshot=snapshot, customer=customer, point=point, seen_on=snapshot.day, **more)


def scored(snapshot: Snapshot, order: RepairOrder, score: int | None, **more: Any) -> OrderScore:
    """How satisfied an order left its client."""
    given = {"score_from": "card", "card_score": score, "coverage": 1.0, "accepted_on": order.accepted_at.date()}
    return OrderScore.objects.create(
        snapshot=snapshot, order=order, customer=order.customer, score=score, **{**given, **more}
    )
