"""Two kept snapshots as a study of the time between them: its cascade, its movements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.analysis.queries import compared as queries
from dovolen.desk.analysis.views.shown import Shown

if TYPE_CHECKING:
    from dovolen.insight.results import Sheet, Studied

STEPS = ("opening", "new", "returned", "dormant", "lost", "blocked", "closing", "passed")


def between(shown: Shown, earlier: Snapshot, later: Snapshot) -> tuple[Studied, int]:
    """Sheets as the library's panels read them; how many of the base then are no clients of their own any more."""
    from dovolen.insight.results import Part, Sheet

    days: dict[str, Any] = {"since": earlier.day, "until": later.day}
    count = queries.steps(earlier, later)
    steps = [(step, count[step]) for step in STEPS if step != "passed" or count[step]]
    grade = shown.printer.grade
    moved = [(grade(a) if a else None, grade(b), n, money) for a, b, n, money in queries.grades(earlier, later)]
    sheets = {
        "cascade.steps": Sheet("cascade.steps", (("step", "word"), ("clients", "clients")), list(steps), **days),
        "rfm.movement": Sheet(
            "rfm.movement", (("r_before", "grade"), ("r_after", "grade"), ("clients", "clients"), ("revenue", "money")),
            list(moved), rule="study.rule.movement", **days,
        ),
        "rfm.segment_movement": Sheet(
            "rfm.segment_movement", (("before", "word"), ("after", "word"), ("clients", "clients")),
            list(queries.segments(earlier, later)), rule="study.rule.movement", **days,
        ),
    }  # fmt: skip
    return Part(shown.study.meta, _there(sheets)), count["gone"]


def _there(sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    return {key: sheet for key, sheet in sheets.items() if sheet.rows}
