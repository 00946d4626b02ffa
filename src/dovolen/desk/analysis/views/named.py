"""Clients as lists of knowledge show them: state, grades, satisfaction, why he may leave, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from dovolen.desk.analysis.models import ClientResult, RiskPoint
from dovolen.desk.analysis.queries import clients as queries
from dovolen.desk.analysis.views.shown import Shown
from dovolen.desk.core import words
from dovolen.insight.currencies import minor_units
from dovolen.insight.words import Words

ICONS = {
    "new": ("circle-plus", "fair"), "active": ("circle-check", "good"), "loyal": ("star", "good"),
    "returned": ("rotate", "fair"), "dormant": ("moon", "warn"), "lost": ("circle-dashed", "mute"),
    "blocked": ("ban", "bad"),
}  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A sign of leaving in words, with its evidence."""

    name: str
    evidence: str


@dataclass(frozen=True)
class Named:
    """One row."""

    key: int
    name: str
    number: str
    icon: str
    tone: str
    state: str
    rfm: str
    satisfaction: int | None
    sign: Sign | None
    """The most pressing one."""
    other_signs: str
    chance: str
    revenue: str
    at_risk: str
    last: str
    act: str
    act_url: str


def named(shown: Shown, rows: list[ClientResult]) -> list[Named]:
    """Rows in the reader's words."""
    assert shown.snapshot is not None
    points = queries.points_of(shown.snapshot, rows)
    return [_row(shown, row, points.get(row.customer_id, [])) for row in rows]


def _row(shown: Shown, row: ClientResult, points: list[RiskPoint]) -> Named:
    printer, say = shown.printer, shown.printer.words
    icon, tone = ICONS.get(row.state, ("minus", "line"))
    signs = [Sign(say.name("risk", one.point), printer.told(one.evidence) if one.evidence else "") for one in points]
    return Named(
        row.customer_id, row.customer.name, getattr(row, "number", None) or "", icon, tone,
        say.name("state", row.state or "never_served"), _grades(shown, row),
        None if row.satisfaction is None else round(row.satisfaction), signs[0] if signs else None,
        ", ".join(one.name.lower() for one in signs[1:]), "" if row.p_return is None else say.share(row.p_return, 0),
        _money(say, row.revenue, printer.currency),
        _money(say, row.value_at_risk if row.n_risks else None, printer.currency),
        say.date(row.last_on, short=True) if row.last_on else "", *_act(row, points),
    )  # fmt: skip


def _grades(shown: Shown, row: ClientResult) -> str:
    if row.rfm_r is None or row.rfm_f is None or row.rfm_m is None:
        return ""
    return "-".join(str(shown.printer.grade(grade)) for grade in (row.rfm_r, row.rfm_f, row.rfm_m))


def _money(say: Words, minor: int | None, currency: str) -> str:
    return "" if minor is None else say.number(minor / minor_units(currency))


def _act(row: ClientResult, points: list[RiskPoint]) -> tuple[str, str]:
    """What to do about him: the task that the most pressing sign asks for, a call where there is none."""
    point = points[0].point if points else "none"
    title = words.say(f"risk_action.{point}") if points else words.say("study.act.title")
    told = {"customer": row.customer_id, "kind": "call", "title": title}
    return words.current().name("study.act", point), f"{reverse('new_task')}?{urlencode(told)}"
