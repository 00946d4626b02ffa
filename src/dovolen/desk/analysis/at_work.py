"""What is known of a client as pages of the daily work say it: chips, reasons, signs of leaving with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dovolen.desk.analysis.queries.at_work import score_of
from dovolen.desk.core import words

STATES = {
    "new": ("circle-plus", "fair"), "active": ("circle-check", "good"), "loyal": ("star", "good"),
    "returned": ("rotate", "fair"), "dormant": ("moon", "warn"), "lost": ("circle-dashed", ""),
    "blocked": ("ban", "bad"),
}  # fmt: skip
"""Shape and colour of each state of the life cycle."""
UNLIKELY = 0.3


@dataclass(frozen=True)
class Risk:
    """A sign of leaving in words, and what to do about it."""

    point: str
    name: str
    evidence: str
    act: str
    number: int | None = None
    until: date | None = None


def risk_of(told: dict[str, Any], printer: Any) -> Risk:
    """A sign as queries give it."""
    speaker, point = words.current(), told["point"]
    until = told.get("expires_on")
    return Risk(
        point,
        speaker.name("risk", point),
        printer.told(told["evidence"]) if told.get("evidence") else "",
        speaker.name("risk_action", point),
        told.get("number"),
        date.fromisoformat(until) if isinstance(until, str) else until,
    )


def printer_of(meta: dict[str, Any]) -> Any:
    """Who prints values of a snapshot in the language of the page."""
    from dovolen.insight.cells import Printer

    grid = meta.get("grid")
    whole = {"currency": meta.get("currency") or "RUB", "direction": meta.get("direction") or "best5"}
    return Printer(words.current(), whole | {"grid": grid if isinstance(grid, int) else 5})


class Known:
    """What the latest snapshot says of a client, joined to his own row."""

    def __init__(self, customer: Any) -> None:
        self.customer = customer
        self.studied_on = customer.studied_on
        self.row: dict[str, Any] = customer.known or {}
        self.printer = printer_of(customer.study_meta or {})
        self.risk = risk_of(customer.pressing_risk, self.printer) if customer.pressing_risk else None

    @property
    def is_studied(self) -> bool:
        """Whether he stands in a snapshot."""
        return bool(self.row)

    @property
    def currency(self) -> str:
        """In which its money is told."""
        return str(self.printer.currency)

    @property
    def client_class(self) -> str:
        """By hand, else by the rule; empty where nothing is known."""
        return str(self.customer.class_hand or self.row.get("client_class", ""))

    @property
    def reasons(self) -> str:
        """Why he is of that class."""
        return self.printer.reasons(self.row.get("class_reasons", ""))  # type: ignore[no-any-return]

    @property
    def state(self) -> tuple[str, str, str] | None:
        """Code, picture and tone of his place in the life cycle."""
        code = self.row.get("state", "")
        return (code, *STATES[code]) if code in STATES else None

    @property
    def score(self) -> int | None:
        """His satisfaction, where enough of it is known."""
        return score_of(self.row.get("satisfaction"), self.row.get("satisfaction_coverage"))

    @property
    def is_unsure(self) -> bool:
        """Whether there is a score that stands on too little."""
        return self.score is None and self.row.get("satisfaction") is not None

    @property
    def coverage(self) -> float:
        """Share of the card's weight that is known."""
        return self.row.get("satisfaction_coverage") or 0.0

    @property
    def grades(self) -> list[tuple[str, str]]:
        """Of recency, frequency and money as the base's legend counts them; none where he is not graded."""
        held = [(one, self.row.get(f"rfm_{one}")) for one in "rfm"]
        return [(one, str(self.printer.grade(grade))) for one, grade in held if grade]

    @property
    def legend(self) -> str:
        """«5 — лучше, 1 — хуже»."""
        return self.printer.direction()  # type: ignore[no-any-return]

    @property
    def limit_days(self) -> int:
        """Days of silence after which he counts as asleep."""
        return round(self.row.get("limit_days") or 0)
