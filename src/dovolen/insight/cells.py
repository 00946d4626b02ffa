"""How one value is printed: by its unit and by the column it stands in, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dovolen.insight.currencies import minor_units
from dovolen.insight.results import Sheet
from dovolen.insight.words import NBSP, Words

WHOLE = {"clients", "orders", "visits", "count", "days", "points", "grade", "code", "code27"}
NUMERIC = WHOLE | {"money", "share", "hours", "ratio", "number", "coefficient", "mixed"}

FAMILIES = {
    "table": "table", "reason": "reason", "action": "action", "class": "class", "kind": "kind", "says": "says",
    "lifecycle": "state", "state": "state", "state_before": "state", "state_after": "state", "segment": "segment",
    "reading": "reading", "pattern": "pattern", "group": "group", "recency_band": "band", "revenue_band": "band",
    "band": "band", "step": "step", "dimension": "dimension", "grain": "grain", "role": "role",
    "fact": "fact", "slow_stage": "work_stage",
    "repair": "repair", "measure": "measure", "key_kind": "key_kind", "part": "part", "item_level": "item_level",
    "model": "model", "spend_model": "spend_model", "fit": "fit", "money_fit": "fit",
    "campaign_verdict": "campaign_verdict", "campaign_reaction": "campaign_reaction", "campaign_part": "campaign_part",
    "effect_of": "effect_of", "joined_as": "joined_as", "index_band": "index_band", "lead_mark": "lead_mark",
    "weekday": "weekday", "forecast_rule": "forecast_rule",
    "weights_say": "weights_say", "lost_said": "lost_said", "csi_says": "csi_says",
    "label": "label", "other_label": "label", "broken": "check_order", "way": "check_way", "split": "check_split",
    "point": "risk", "risk_action": "risk_action", "risk_says": "risk_says", "chance_by": "chance_by",
    "chance_way": "chance_way",
}  # fmt: skip
"""Which family of words a column of codes speaks."""

OF_SHEET = {
    ("quality.findings", "code"): "finding",
    ("price.orders", "category"): "value",
    ("price.revenue", "category"): "value",
    ("price.orders", "verdict"): "price_verdict",
    ("price.revenue", "verdict"): "price_verdict",
    ("rfm.segment_movement", "before"): "segment",
    ("rfm.segment_movement", "after"): "segment",
    ("value.category", "category"): "value",
    ("satisfaction.by_category", "category"): "value",
    ("value.clients", "kind"): "kind_one",
    ("value.names", "kind"): "kind_one",
    ("self_check.verdict", "verdict"): "check_verdict",
    ("self_check.labels", "verdict"): "check_label",
    ("self_check.probability", "verdict"): "check_chance",
    ("self_check.stability", "verdict"): "check_move",
    ("self_check.trials", "verdict"): "check_trial",
    ("self_check.facts", "fact"): "fact",
    ("self_check.stability", "fact"): "fact",
    ("self_check.card", "fact"): "fact",
}
OF_DIMENSION = {
    "class": "class", "lifecycle": "state", "state": "state", "rfm_segment": "segment", "segment": "segment",
    "customer_kind": "kind", "weekday": "weekday",
}  # fmt: skip
"""Which family of words the values of a sliced dimension speak; others speak `value` or are the client's own text."""

ICONS = {
    "new": ("circle-plus", "fair"), "active": ("circle-check", "good"), "loyal": ("star", "good"),
    "returned": ("rotate", "fair"), "dormant": ("moon", "warn"), "lost": ("circle-dashed", "mute"),
    "blocked": ("ban", "bad"),
}  # fmt: skip
"""Shape and colour of each state of the life cycle."""


LEAST = 20
"""Cases under which a share, an effect or a prediction is not told, unless the study's settings say otherwise."""

EXAMPLE = 96
"""Characters of one example; a longer one is cut."""

MEANINGS = ("555", "155", "551", "111")
"""Codes with a meaning, written on five grades: only the ends of a grid, whatever its size, are such."""

_MOMENT = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::\d{2})?)?(?![\d-])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def sample_size(sheet: Sheet) -> int | None:
    """Cases behind a sheet: as told, else clients (orders, rows) in it; lists count their names."""
    names = [name for name, _ in sheet.columns]
    if sheet.n is not None and sheet.key != "slices":
        return int(sheet.n)
    if sheet.key == "quality.findings":
        return sum({row["table"]: int(row["of"] or 0) for row in sheet.records()}.values())
    if sheet.key == "quality.accounts":
        return sum(int(row["rows"]) for row in sheet.records() if row["reason"] == "rows_in")
    if "customer_id" in names or not sheet.rows:
        return len(sheet.rows) + sheet.cut
    if sheet.key == "cohorts":
        return sum(int(row["clients"]) for row in sheet.records() if row["period"] == 0)
    if sheet.key == "cascade.steps":
        count = {str(row["step"]): int(row["clients"]) for row in sheet.records()}
        return sum(count.get(step, 0) for step in ("opening", "new", "returned", "passed"))
    counted = next((name for name in ("orders", "clients", "visits", "lines") if name in names), None)
    if sheet.key not in ("slices", "months") and "clients" in names:
        counted = "clients"
    return sum(int(row[counted] or 0) for row in sheet.records()) if counted else None


class Printer:
    """Prints values of one study: knows its currency, its direction of grades, its language."""

    def __init__(self, words: Words, meta: Mapping[str, Any]) -> None:
        self.words = words
        self.currency = str(meta["currency"])
        grid = meta.get("grid")
        self.grid = grid if isinstance(grid, int) else 5
        self.minimum = int(meta.get("config", {}).get("minimum", LEAST))
        self.best_is_high = meta.get("direction", "best5") != "best1"

    def value(self, value: Any, unit: str, *, sign: bool = False) -> str:
        """A value by its unit alone."""
        words = self.words
        if value is None:
            return words.say("ui.none")
        if unit == "flag" or isinstance(value, bool):
            return words.say("ui.yes" if value else "ui.no")
        if isinstance(value, datetime | date):
            return words.month(value) if unit == "month" else words.date(value, short=True)
        if isinstance(value, str) or unit in ("id", "code", "code27", "grade"):
            return str(value)
        if written := self._with_unit(value, unit, sign=sign):
            return written
        if unit == "coefficient":
            return words.number(value, 3 if 0 < abs(value) < 0.1 else 2, sign=sign)
        small = abs(value) < 10 and not float(value).is_integer()
        digits = 0 if (unit in WHOLE and not small) or (unit != "ratio" and float(value).is_integer()) else 1
        return words.number(value, digits, sign=sign)

    def _with_unit(self, value: float, unit: str, *, sign: bool) -> str:
        """The value where the unit is written beside the number; empty for plain numbers."""
        words = self.words
        if unit == "money":
            return words.money(value, self.currency)
        if unit == "share":
            return words.share(value, sign=sign)
        if unit == "days":
            return words.count("count.days", round(value))
        return words.say("unit.in_hours", n=words.number(value, 1)) if unit == "hours" else ""

    def cell(self, sheet: Sheet, name: str, row: Mapping[str, Any]) -> str:
        """A value of a sheet's row, codes spoken in words."""
        value, unit = row[name], dict(sheet.columns)[name]
        if value is None:
            return self._absent(sheet.key, name, row)
        family = OF_SHEET.get((sheet.key, name)) or FAMILIES.get(name)
        if sheet.key == "slices" and name == "value":
            family = OF_DIMENSION.get(str(row["dimension"]), "value")
        if family and (isinstance(value, str) or family in ("weekday", "value")):
            return self.words.name(family, "absent" if value == "—" else value)
        if unit == "reasons" or name == "reasons":
            return self.reasons(str(value))
        if unit == "told":
            return self.told(str(value))
        if unit == "life" or (sheet.key.startswith("dna.") and name == "code"):
            return self.life(str(value))
        if unit == "mixed":
            return self.value(value, "money" if str(row.get("dimension", "")).startswith("m") else "number")
        if name in ("cohort", "quarter"):
            return self.cohort(str(value))
        return self.examples(str(value)) if name == "examples" else self.value(value, unit)

    def _absent(self, key: str, name: str, row: Mapping[str, Any]) -> str:
        if key == "slices" and name == "value":
            return self.words.say("value.absent")
        if "withheld" in row and name == next(iter(row)):
            return self.words.say("value.absent")  # what the row is of is not told; it is not withheld
        if row.get("withheld") is True:
            return self.words.say("ui.withheld_cell")
        if name in ("r_before", "before", "state_before"):
            return self.words.say("state.absent")
        return self.words.say("ui.none")

    def reasons(self, text: str) -> str:
        """«отметка; 7 заказов» from `marked=1;orders=7;`; other text as it is."""
        if "=" not in text:
            return text
        told = []
        for part in filter(None, text.split(";")):
            name, _, amount = part.partition("=")
            key = f"because.{name.strip()}"
            told.append(self.words.say(key, n=amount) if key in self.words else part)
        return "; ".join(told)

    def told(self, text: str) -> str:
        """The sentence `told.<key>` of `key=unit:value|unit:value`, its values filled in as {a}, {b} and so on."""
        key, _, rest = text.partition("=")
        named = zip("abcdef", (part.partition(":") for part in rest.split("|") if part), strict=False)
        values = {letter: self._amount(unit, value) for letter, (unit, _, value) in named}
        return self.words.say(f"told.{key}", **values)

    def _amount(self, unit: str, value: str) -> str:
        """One value of a sentence; a word is told as `family.code`, a plain number with the digits it was given."""
        if unit in ("text", "word"):
            return self.words.name(*value.split(".", 1)) if unit == "word" else value
        if value in ("", "None"):
            return self.words.say("ui.none")
        if unit == "years":
            return self.words.number(int(value) / 365.25, 1)
        if unit == "number":
            return self.words.number(float(value), len(value.partition(".")[2]))
        return self.value(float(value), unit)

    def examples(self, text: str) -> str:
        """Rows of the source as people read them: fields named, days and money as the language writes them."""
        return "; ".join(self._example(row) for row in text.split("; "))

    def _example(self, row: str) -> str:
        gap = ", " if "=" in row.partition(" | ")[0] else " · "
        told = gap.join(self._field(part) for part in row.split(" | ") if part)
        return told if len(told) <= EXAMPLE else f"{told[:EXAMPLE].rstrip(' =,')}…"

    def _field(self, part: str) -> str:
        """«принят 2 июля 2024» from `accepted_date=2024-07-02`; other text with its days alone written anew."""
        name, _, value = part.partition("=")
        key = f"example.{name}"
        if key not in self.words:
            return _MOMENT.sub(self._moment, part)
        if name in ("price", "revenue"):
            return self.words.say(key, value=self._money(value))
        return self.words.say(key, value=_MOMENT.sub(self._moment, value))

    def _money(self, major: str) -> str:
        try:
            return self.words.money(float(major) * minor_units(self.currency), self.currency)
        except ValueError:
            return major

    def _moment(self, found: re.Match[str]) -> str:
        """A day; with its time unless that is midnight, which files write where they know no time."""
        day, time = found.groups()
        try:
            told = self.words.date(date.fromisoformat(day), short=True)
        except ValueError:
            return found.group()
        return told if time in (None, "00:00") else f"{told},{NBSP}{time}"

    def cohort(self, label: str) -> str:
        """«III кв. 2024» from 2024-Q3, «мар 2024» from 2024-03; a year stays."""
        if found := _QUARTER.fullmatch(label):
            return self.words.quarter(int(found[2]), int(found[1]))
        if found := _MONTH.fullmatch(label):
            return self.words.month(date(int(found[1]), int(found[2]), 1))
        return label

    def meaning(self, shown: object) -> str | None:
        """Which of the codes with a meaning a code is; None for all but the ends of the grid."""
        ends = {str(self.grid): "5", "1": "1"}
        found = "".join(ends.get(digit, "?") for digit in self.code(shown))
        return found if found in MEANINGS else None

    def life(self, code: str) -> str:
        """A client's code in the letters of the reader's language."""
        letters = dict(zip("NALRDXB", self.words.say("dna.alphabet"), strict=True))
        return "".join(letters.get(letter, letter) for letter in code.replace("-", "·"))

    def grade(self, best_first: int) -> int:
        """The grade a reader sees for one counted with the highest as best, and back."""
        return best_first if self.best_is_high else self.grid + 1 - best_first

    def code(self, shown: object) -> str:
        """The code with the highest as best behind the one the reader sees."""
        digits = str(shown)
        known = digits.isdigit() and all(1 <= int(digit) <= self.grid for digit in digits)
        return "".join(str(self.grade(int(digit))) for digit in digits) if known else digits

    def direction(self) -> str:
        """«5 — лучше, 1 — хуже», or the reverse."""
        return self.words.say(f"ui.direction_{'best5' if self.best_is_high else 'best1'}", top=self.grid)

    def footer(self, sheet: Sheet, *more: str) -> str:
        """Period, sample size, and what else is to be said under a chart or a table beside its rule."""
        parts = [self.words.period(sheet.since, sheet.until), self.sample(sheet), *more]
        return f"{NBSP}· ".join(filter(None, parts))

    def sample(self, sheet: Sheet) -> str:
        """«n = 3 238», counted from the rows where the sheet does not tell."""
        n = sample_size(sheet)
        return "" if n is None else self.words.say("ui.n", n=self.words.number(n))

    def rule(self, key: str) -> str:
        """The rule in words."""
        return self.words.say(key if key in self.words else "rule.unknown")
