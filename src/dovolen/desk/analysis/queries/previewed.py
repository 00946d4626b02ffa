"""What other settings would change: a preview beside the snapshot in force."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery

from dovolen.desk.analysis.models import DONE, PREVIEW, ClientResult, Snapshot, StudyFigure, StudySheet
from dovolen.desk.analysis.packing import unpacked

MOVED = ("state", "client_class", "segment", "is_eligible")
"""What a client may become by other settings, the weightiest first."""
POINTS = "risk.points"


@dataclass(frozen=True)
class Move:
    """So many clients would be `after` in place of `before`."""

    column: str
    before: object
    after: object
    n: int


@dataclass(frozen=True)
class Changed:
    """A number that would be another: of a figure by its key, or clients under a point of risk."""

    key: str
    unit: str
    before: float | None
    after: float | None


def previews(by: int) -> Snapshot | None:
    """The latest preview that somebody asked for."""
    mine = Snapshot.objects.filter(cause=PREVIEW, asked_by=by).defer("population")
    return mine.order_by("-pk").first()


def moves(now: Snapshot, tried: Snapshot) -> list[Move]:
    """Clients by what they are and would be, where that differs; the largest groups of each kind first."""
    return [move for column in MOVED for move in _moves(column, now, tried)]


def _moves(column: str, now: Snapshot, tried: Snapshot) -> list[Move]:
    here = ClientResult.objects.filter(snapshot=now, customer=OuterRef("customer")).values(column)[:1]
    rows = ClientResult.objects.filter(snapshot=tried).annotate(before=Subquery(here)).exclude(before=None)
    told = rows.exclude(before=F(column)).values_list("before", column).annotate(n=Count("pk"))
    return [Move(column, before, after, n) for before, after, n in told.order_by("-n", "before", column)]


def figures(now: Snapshot, tried: Snapshot) -> list[Changed]:
    """Figures that would be others."""
    before = {one.key: one for one in StudyFigure.objects.filter(snapshot=now)}
    after = StudyFigure.objects.filter(snapshot=tried).order_by("key")
    return [
        Changed(one.key, one.unit, before[one.key].value, one.value)
        for one in after
        if one.key in before and _number(before[one.key].value) != _number(one.value)
    ]


def _number(value: object) -> object:
    return round(value, 9) if isinstance(value, float) else value


def points(now: Snapshot, tried: Snapshot) -> list[Changed]:
    """Points of risk that another number of clients would stand under."""
    before, after = _standing(now), _standing(tried)
    names = dict.fromkeys([*after, *before])
    pairs = [Changed(name, "clients", before.get(name, 0), after.get(name, 0)) for name in names]
    return [one for one in pairs if one.before != one.after]


def _standing(snapshot: Snapshot) -> dict[str, int]:
    sheet = StudySheet.objects.filter(snapshot=snapshot, key=POINTS).first()
    if sheet is None:
        return {}
    names = [name for name, _ in sheet.columns]
    point, clients = names.index("point"), names.index("n_now")
    return {row[point]: row[clients] for row in unpacked(sheet.rows, sheet.columns)}


def is_ready(snapshot: Snapshot) -> bool:
    """Whether a preview is made and its rows are still kept."""
    return snapshot.state == DONE and snapshot.has_rows
