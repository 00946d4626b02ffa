"""What clients answered: NPS, CSI, CSAT, reviews and silence – today, by quarter and by manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.stats import intervals, surveys
from dovolen.insight.stats.surveys import Survey

KINDS = {"nps": "points", "csi": "ratio", "csat": "share"}
"""Kinds of surveys and the unit each is told in."""

ASKED_BY = ("message", "blank", "pickup")
"""Where it is known from whom was asked: the surest first."""


class Feedback:
    """The room of answers. Needs `feedback` with kind and score; by_manager, messages and pickups tell more."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._possible = base.has("feedback.kind", "feedback.score", "feedback.at")
        self._since = max(base.earliest, base.asof - timedelta(days=base.config.feedback_days - 1))

    def figures(self) -> list[Figure]:
        """NPS, CSI, CSAT and the mean review of the latest days, and how many of those asked answered."""
        if not self._possible:
            return []
        return [*self._surveys(), *self._review(), *self._response(), *self._off_scale()]

    def sheets(self) -> list[Sheet | None]:
        """By quarter and by manager for each kind, answers by quarter, reviews by score."""
        if not self._possible:
            return []
        made = [self._by_quarter(kind) for kind in KINDS]
        if self._base.has("feedback.by_manager"):
            made += [self._by_manager(kind) for kind in KINDS]
        return [*made, self._response_by_quarter(), self._reviews()]

    def clients(self) -> pa.Table | None:
        """Nothing: a client's own answers are told with his satisfaction."""
        return None

    def files(self) -> Mapping[str, Pieces]:
        """None."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Answers, and whose they are, where the source tells none."""
        needs = (("feedback", "feedback.score"), ("feedback_by_manager", "feedback.by_manager"))
        return [(what, column) for what, column in needs if not self._base.has(column)]

    # Today

    @cached_property
    def _counts(self) -> list[dict[str, Any]]:
        """Answers counted by kind, quarter and manager; `is_late` = of the latest days."""
        found: list[dict[str, Any]] = self._base.views.fetch(
            "SELECT kind, quarter, by_manager, CASE WHEN answer_date >= $since THEN 1 ELSE 0 END AS is_late, "
            "CAST(SUM(is_valid) AS BIGINT) AS n, CAST(SUM(good) AS BIGINT) AS good, CAST(SUM(bad) AS BIGINT) AS bad, "
            "CAST(SUM(CASE WHEN score IS NOT NULL THEN 1 - is_valid ELSE 0 END) AS BIGINT) AS off_scale "
            "FROM feedback_answers GROUP BY kind, quarter, by_manager, "
            "CASE WHEN answer_date >= $since THEN 1 ELSE 0 END",
            since=self._since,
        ).to_pylist()
        return found

    def _of(self, kind: str, **wanted: Any) -> list[dict[str, Any]]:
        """Counts of one kind with these values."""
        return [row for row in self._counts if row["kind"] == kind and wanted.items() <= row.items()]

    def _measured(self, kind: str, **wanted: Any) -> Survey:
        rows = self._of(kind, **wanted)
        good, bad, n = (sum(int(row[name]) for row in rows) for name in ("good", "bad", "n"))
        minimum = self._base.config.minimum
        if kind == "nps":
            return surveys.nps_of(good, bad, n, minimum=minimum)
        if kind == "csi":
            return surveys.csi_of(good, bad, n, minimum=minimum)
        return _satisfied(good, n, minimum)

    def _surveys(self) -> list[Figure]:
        made = []
        for kind, unit in KINDS.items():
            found, key = self._measured(kind, is_late=1), f"feedback.{kind}"
            if found.note:
                # A ratio without anything to divide by has no value: that there were no low answers is the news.
                key = f"{key}_no_low"
                made.append(self._figure(key, found.n, "count", n=found.n, note=found.note))
            elif found.n:
                more = {"low": found.low, "high": found.high, "few": found.few}
                made.append(self._figure(key, found.value, unit, n=found.n, **more))
        return made

    def _review(self) -> list[Figure]:
        row = self._base.views.row(
            "SELECT COUNT(*) AS n, SUM(CAST(score AS DOUBLE)) AS total, SUM(CAST(score AS DOUBLE) * score) AS squares, "
            "COUNT(DISTINCT scale) AS scales FROM feedback_answers "
            "WHERE kind = 'review' AND is_valid = 1 AND answer_date >= $since",
            since=self._since,
        )
        n, key = row["n"], "feedback.review"
        if not n or row["scales"] > 1:  # means of unlike scales have no sense
            return []
        if n < self._base.config.minimum:
            return [self._figure(key, None, "number", n=n, few=True)]
        low, high = intervals.mean(row["total"], row["squares"], n)
        return [self._figure(key, row["total"] / n, "number", n=n, low=low, high=high)]

    def _off_scale(self) -> list[Figure]:
        """Answers that are no step of their scale: left out of everything, and told."""
        wrong, key = sum(int(row["off_scale"]) for row in self._counts), "feedback.off_scale"
        return [Figure(key, wrong, "count", rule=f"rule.{key}")] if wrong else []

    # How many answer

    @cached_property
    def _asked(self) -> tuple[str, list[dict[str, Any]]]:
        """By what it is known who was asked, and asked and answered by quarter; nothing where it is not known."""
        rows = self._base.views.fetch(
            "SELECT asked_by, quarter, CASE WHEN asked_date >= $since THEN 1 ELSE 0 END AS is_late, COUNT(*) AS asked, "
            "CAST(SUM(answered) AS BIGINT) AS answered, CAST(SUM(1 - answered) AS BIGINT) AS silent "
            "FROM feedback_asked GROUP BY asked_by, quarter, CASE WHEN asked_date >= $since THEN 1 ELSE 0 END",
            since=self._since,
        ).to_pylist()
        for by in ASKED_BY:
            mine = [row for row in rows if row["asked_by"] == by]
            if mine and (by != "blank" or any(row["silent"] for row in mine)):
                return by, mine
        return "", []

    def _response(self) -> list[Figure]:
        by, rows = self._asked
        late = [row for row in rows if row["is_late"]]
        if not late:
            return []
        asked, answered = (sum(int(row[name]) for row in late) for name in ("asked", "answered"))
        key, rule = "feedback.response", f"rule.feedback.response_{by}"
        if asked < self._base.config.minimum:
            return [self._figure(key, None, "share", n=asked, few=True, rule=rule)]
        low, high = intervals.wilson(answered, asked)
        return [self._figure(key, answered / asked, "share", n=asked, low=low, high=high, rule=rule)]

    def _response_by_quarter(self) -> Sheet | None:
        by, found = self._asked
        rows, least = [], self._base.config.minimum
        for quarter in sorted({row["quarter"] for row in found}):
            mine = [row for row in found if row["quarter"] == quarter]
            asked, answered = (sum(int(row[name]) for row in mine) for name in ("asked", "answered"))
            few = asked < least
            told = (None, None, None) if few else (answered / asked, *intervals.wilson(answered, asked))
            rows.append((_quarter(quarter), *told, asked, few))
        columns = (
            ("quarter", "text"), ("response_share", "share"), ("low", "share"), ("high", "share"), ("n_asked", "count"),
            ("withheld", "flag"),
        )  # fmt: skip
        n = sum(int(row["asked"]) for row in found)
        return self._sheet("feedback.response_quarters", columns, rows, n, rule=f"rule.feedback.response_{by}")

    # How it moved, and who

    def _by_quarter(self, kind: str) -> Sheet | None:
        quarters = sorted({row["quarter"] for row in self._of(kind) if row["n"]})
        rows = [(_quarter(day), *_told(self._measured(kind, quarter=day))) for day in quarters]
        n = sum(int(row["n"]) for row in self._of(kind))
        return self._sheet(f"feedback.{kind}_quarters", (("quarter", "text"), *_columns(kind)), rows, n)

    def _by_manager(self, kind: str) -> Sheet | None:
        """Answers of the latest days; a manager with too few is named, his figure is not."""
        late = [row for row in self._of(kind, is_late=1) if row["n"] and row["by_manager"] is not None]
        names = sorted({str(row["by_manager"]) for row in late})
        found = sorted(
            ((name, self._measured(kind, is_late=1, by_manager=name)) for name in names), key=_best_first
        )  # fmt: skip
        n = sum(int(row["n"]) for row in late)
        columns = (("answered_to", "text"), *_columns(kind))
        rows = [(name, *_told(one)) for name, one in found]
        return self._sheet(f"feedback.{kind}_managers", columns, rows, n, since=self._since)

    def _reviews(self) -> Sheet | None:
        """How often each score was given, best first."""
        found = self._base.views.rows(
            "SELECT scale, score, COUNT(*) AS n FROM feedback_answers WHERE kind = 'review' AND is_valid = 1 "
            "AND answer_date >= $since GROUP BY scale, score ORDER BY scale, score DESC",
            since=self._since,
        )
        n = sum(row[2] for row in found)
        rows = [(score, scale, count, count / n) for scale, score, count in found]
        columns = (
            ("review_score", "number"), ("review_scale", "number"), ("n_answers", "count"), ("answer_share", "share"),
        )  # fmt: skip
        return self._sheet("feedback.reviews", columns, rows, n, since=self._since)

    # How it is told

    def _figure(self, key: str, value: float | None, unit: str, **more: Any) -> Figure:
        told: dict[str, Any] = {"rule": f"rule.{key}", "since": self._since, "until": self._base.asof} | more
        return Figure(key, value, unit, **told)

    def _sheet(
        self, key: str, columns: tuple[tuple[str, str], ...], rows: list[tuple[Any, ...]], n: int, **more: Any
    ) -> Sheet | None:  # fmt: skip
        if not rows:
            return None
        kind = key.partition(".")[2].partition("_")[0]
        rule = f"rule.feedback.{kind}" if kind in KINDS else f"rule.{key}"
        told: dict[str, Any] = {"rule": rule, "since": self._base.earliest, "until": self._base.asof} | more
        return Sheet(key, columns, rows, n=n, **told)


def _satisfied(good: int, n: int, minimum: int) -> Survey:
    """CSAT from counts: the scales were already told apart where answers were judged."""
    if n < minimum:
        return Survey("csat", n, few=True)
    low, high = intervals.wilson(good, n)
    return Survey("csat", n, good / n, low, high, good)


def _quarter(day: date) -> str:
    """2026-Q3, as the printer reads quarters."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _columns(kind: str) -> tuple[tuple[str, str], ...]:
    unit = KINDS[kind]
    counts = (("good_answers", "count"), ("bad_answers", "count")) if kind != "csat" else (("good_answers", "count"),)
    says = (("csi_says", "word"),) if kind == "csi" else ()
    return ((kind, unit), *says, ("low", unit), ("high", unit), ("n_answers", "count"), *counts, ("withheld", "flag"))


def _told(one: Survey) -> tuple[Any, ...]:
    counts = (one.good,) if one.kind == "csat" else (one.good, one.bad)
    says = (one.note or None,) if one.kind == "csi" else ()
    return (one.value, *says, one.low, one.high, None if one.few else one.n, *counts, one.few)


def _best_first(named: tuple[str, Survey]) -> tuple[Any, ...]:
    """Without low answers before any ratio; the withheld last."""
    name, one = named
    return one.few, not one.note, -(one.value or 0.0), name
