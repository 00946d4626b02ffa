"""The report's pages as plain values: sections, their panels, the cells of every table – ready for the template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dovolen.insight import pictures
from dovolen.insight.cells import ICONS, Printer, sample_size
from dovolen.insight.charts import Option
from dovolen.insight.results import Sheet, Studied
from dovolen.insight.tables import TACTICS, Table, cohorts_shown, empty_grades, services, strategies, table, thresholds

Row = dict[str, Any]


LONG_RULE = 150
"""Characters of a rule that stand under a panel unasked."""


@dataclass(frozen=True)
class Panel:
    """One card of the report."""

    key: str
    title: str
    footer: str
    rule: str
    table: Table
    wide: int = 12
    legend: str = ""
    chart: Option | None = None
    notes: tuple[str, ...] = ()
    chips: tuple[tuple[str, str], ...] = ()

    @property
    def folded(self) -> bool:
        """Whether the rule is too long to be read with every table, and waits to be opened."""
        return len(self.rule) > LONG_RULE

    @property
    def both(self) -> bool:
        """Whether chart and table are shown together: the table holds advice that the chart cannot."""
        return self.chart is not None and self.key in TOGETHER


@dataclass(frozen=True)
class Names:
    """A list of people behind one bar."""

    step: str
    title: str
    count: str
    table: Table


@dataclass(frozen=True)
class Section:
    """One chapter of the report; the template knows the special ones by their key."""

    key: str
    panels: list[Panel] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    notes: tuple[str, ...] = ()


PLAN: dict[str, tuple[tuple[str, int], ...]] = {
    "classes": (("classes.summary", 12), ("fleets", 12), ("classes.contradictions", 6), ("classes.probable", 6)),
    "cascade": (("cascade.steps", 12),),
    "lifecycle": (("lifecycle.states", 12), ("lifecycle.by_rfm", 12)),
    "rfm": (
        ("rfm.cells", 5), ("rfm.reading", 7), ("rfm.segments", 12), ("rfm.own_segments", 12),
        ("rfm.codes", 6), ("rfm.patterns", 6),
        ("rfm.picture27", 12), ("rfm.map", 7), ("rfm.movement", 5), ("rfm.fallen", 7), ("rfm.segment_movement", 5),
        ("dna.codes", 6), ("dna.by_rfm", 6), ("rfm.thresholds", 12),
    ),
    "cohorts": (("cohorts", 12),),
    "frequency": (("frequency.bands", 12), ("frequency.services", 12), ("months.orders", 6), ("months.revenue", 6)),
    "satisfaction": (
        ("satisfaction.distribution", 6), ("satisfaction.by_class", 6), ("satisfaction.facts", 12),
        ("satisfaction.months", 12), ("satisfaction.by_slow_stage", 12), ("satisfaction.by_technician", 12),
        ("satisfaction.facts_by_technician", 12), ("satisfaction.by_advisor", 6), ("satisfaction.by_centre", 6),
        ("satisfaction.facts_by_advisor", 12), ("satisfaction.by_category", 6),
        ("satisfaction.slips", 12), ("satisfaction.low", 12), ("satisfaction.orders", 12), ("satisfaction.card", 12),
    ),
    "self_check": (
        ("self_check.verdict", 12), ("self_check.labels", 7), ("self_check.agreement", 5),
        ("self_check.probability", 12), ("self_check.deciles", 5), ("self_check.months", 7), ("self_check.facts", 12),
        ("self_check.stability", 12), ("self_check.trials", 12), ("self_check.card", 12),
    ),
    "feedback": (
        ("feedback.nps_quarters", 6), ("feedback.nps_managers", 6), ("feedback.csi_quarters", 6),
        ("feedback.csi_managers", 6), ("feedback.csat_quarters", 6), ("feedback.csat_managers", 6),
        ("feedback.response_quarters", 6), ("feedback.reviews", 6),
    ),
    "experiments": (
        ("experiments.campaigns", 12), ("experiments.visits", 12), ("experiments.money", 12),
        ("experiments.orders", 12), ("experiments.parts_visits", 12), ("experiments.parts_money", 12),
        ("experiments.plan", 12),
    ),
    "renewal": (
        ("renewal.list", 12), ("renewal.by_index", 6), ("renewal.reasons", 6), ("renewal.weights", 6),
        ("renewal.check", 6),
    ),
    "value": (
        ("value.repair", 12), ("value.class", 6), ("value.customer_kind", 6), ("value.category", 6),
        ("value.technician", 6), ("value.campaign", 12), ("value.curve", 12), ("value.abc", 12), ("value.keys", 12),
        ("value.key_names", 12), ("value.growth", 12), ("value.pairs", 12), ("value.ahead", 12),
        ("value.expected.person", 6), ("value.expected.company", 6), ("value.expected.unknown", 12),
        ("value.expected.all", 12), ("value.models", 12), ("value.money", 12), ("value.bins", 12),
        ("value.retention_cost", 6), ("value.acquisition", 6), ("value.cohort_months", 12), ("value.cohorts", 12),
        ("value.names", 12), ("value.clients", 12), ("value.referrals", 12),
    ),
    "risk": (
        ("risk.points", 12), ("risk.list", 12), ("chance.verdict", 12), ("chance.compare", 6), ("chance.deciles", 6),
        ("chance.weights", 12), ("risk.returns", 12),
    ),
    "forecast": (
        ("forecast.weeks", 12), ("forecast.days", 7), ("forecast.weekdays", 5), ("forecast.backtest", 12),
        ("queue.technicians", 7), ("queue.warranties", 5), ("price.orders", 12), ("price.revenue", 12),
    ),
    "twice": (("twice.clusters", 12), ("twice.review", 12)),
}  # fmt: skip
"""Sections after the summary, the sheets of each in order, and how many of twelve columns each takes."""

READING_ORDER = {
    "classes.summary": ("intermediary", "regular", "one_off"),
    "rfm.reading": ("recent", "cooling", "cold"),
    "rfm.patterns": ("best_r", "best_f", "best_m", "worst_r", "worst_f", "worst_m", "mixed"),
}
OWN_TABLES = {"rfm.thresholds": thresholds, "rfm.map": strategies, "frequency.services": services}
"""Sheets printed in a form of their own instead of row by row."""

TOGETHER = {*TACTICS, "rfm.map", "lifecycle.states", "frequency.bands", "risk.points"}


def sections(study: Studied, printer: Printer) -> list[Section]:
    """Every section with something to show, in reading order."""
    made = []
    for key, plan in PLAN.items():
        panels = [panel for name, wide in plan if (panel := planned(study, name, wide, printer))]
        if panels:
            made.append(_section(key, _filled(panels), study, printer))
    slices = sorted(_slices(study, printer), key=lambda one: -(one.chart["height"] if one.chart else 0))
    return [*made, Section("slices", _paired(slices), notes=_withheld(study, printer))] if slices else made


def _section(key: str, panels: list[Panel], study: Studied, printer: Printer) -> Section:
    if key == "cascade":
        return Section(key, panels, _names(study.sheets.get("cascade.names"), printer))
    return Section(key, panels)


def _filled(panels: list[Panel]) -> list[Panel]:
    """The panels with rows of twelve made full: one that stands alone in its row takes all of it."""
    made, row = [], 0
    for place, panel in enumerate(panels):
        following = panels[place + 1].wide if place + 1 < len(panels) else 12
        alone = row == 0 and panel.wide + following > 12
        made.append(replace(panel, wide=12 if alone else panel.wide if row == 0 else 12 - row))
        row = 0 if row or alone else panel.wide
    return made


def _paired(panels: list[Panel]) -> list[Panel]:
    return _filled([replace(panel, wide=6) for panel in panels])


def planned(study: Studied, key: str, wide: int, printer: Printer) -> Panel | None:
    """The panel of a sheet as the report shows it; None where the study has no such rows."""
    if key.startswith("months."):
        return _months(study.sheets.get("months"), key.removeprefix("months."), wide, printer)
    sheet = study.sheets.get(key)
    if sheet is None or not sheet.rows:
        return None
    made = panel(_prepared(sheet, printer), printer, wide=wide)
    if key in OWN_TABLES:
        return replace(made, table=OWN_TABLES[key](sheet, printer))
    if key == "rfm.cells":
        return replace(made, notes=empty_grades(study.sheets.get("rfm.empty_grades"), printer))
    return replace(made, notes=_sanity(study, printer)) if key == "classes.summary" else made


def _sanity(study: Studied, printer: Printer) -> tuple[str, ...]:
    """How many regulars a centre of this size usually has, and how many this one has."""
    words = printer.words
    orders, regulars = (study.figures.get(f"sanity.{name}") for name in ("orders_week", "regulars"))
    if not orders or not regulars or not isinstance(orders.value, int | float) or not isinstance(regulars.value, int):
        return ()
    if orders.value < 1:
        return ()
    told = {"orders": words.count("count.orders", round(orders.value)),
            "regulars": words.count("count.regulars", regulars.value)}  # fmt: skip
    return (words.say("classes.sanity", **told),)


def _prepared(sheet: Sheet, printer: Printer) -> Sheet:
    """The sheet as the page shows it: one grain of cohorts, real moves only, codes with a meaning first."""
    if sheet.key == "rfm.segment_movement":
        return replace(sheet, rows=[row for row in sheet.rows if row[0] != row[1]])
    if sheet.key == "rfm.codes":
        place = sheet.column("code")
        rows = [row for row in sheet.rows if printer.meaning(row[place])]
        return replace(sheet, rows=rows, n=sample_size(sheet), cut=sheet.cut + len(sheet.rows) - len(rows))
    if sheet.key == "rfm.segments" and "revenue_share" in dict(sheet.columns):
        place = sheet.column("revenue_share")
        return replace(sheet, rows=sorted(sheet.rows, key=lambda row: -(row[place] or 0)))
    if sheet.key in READING_ORDER:
        order = READING_ORDER[sheet.key]
        return replace(sheet, rows=sorted(sheet.rows, key=lambda row: order.index(row[0]) if row[0] in order else 9))
    return cohorts_shown(sheet, printer.minimum) if sheet.key == "cohorts" else sheet


def panel(sheet: Sheet, printer: Printer, *, wide: int = 12) -> Panel:
    """A sheet as a card: table, chart, legend, rule."""
    words, chart = printer.words, pictures.picture(sheet, printer)
    more = [words.say(f"note.{sheet.key}")] if f"note.{sheet.key}" in words else []
    more += _axes(chart, printer) if chart else []
    groups = pictures.GROUPS.items() if sheet.key == "rfm.picture27" else ()
    chips = tuple((colour, words.say(f"group.{group}")) for group, colour in groups)
    return Panel(
        sheet.key, words.say(f"sheet.{sheet.key}"), printer.footer(sheet, *more),
        printer.rule(sheet.rule or f"rule.{sheet.key}"), table(sheet, printer), wide, _legend(sheet, printer), chart,
        _notes(sheet, printer), chips,
    )  # fmt: skip


def _axes(chart: Option, printer: Printer) -> list[str]:
    """What the length of a bar means, what the grey line means, where the scale begins."""
    words, told = printer.words, []
    if "measure" in chart:
        told.append(words.say(f"ui.bar_{chart['measure']}"))
    if any(series.get("symbol") == "rect" for series in chart["option"]["series"]):
        told.append(words.say("ui.mark_clients"))
    if chart.get("floor"):
        told.append(words.say("ui.scale_from", value=words.number(chart["floor"])))
    return told


def _legend(sheet: Sheet, printer: Printer) -> str:
    if sheet.key == "rfm.picture27":
        return printer.words.say("ui.picture_direction")
    graded = {"rfm.cells", "rfm.codes", "rfm.movement", "rfm.fallen", "rfm.thresholds", "rfm.patterns", "rfm.reading"}
    return printer.direction() if sheet.key in graded else ""


def _notes(sheet: Sheet, printer: Printer) -> tuple[str, ...]:
    if sheet.key == "rfm.picture27":
        return _picture_reading(sheet, printer)
    if sheet.key == "dna.codes":
        letters = ", ".join(printer.words.say(f"dna.letter.{state}") for state in ICONS)
        return (printer.words.say("dna.letters", letters=letters),)
    if sheet.key == "cohorts" and any(row["share"] is None for row in sheet.records()):
        return (printer.words.say("cohorts.few", least=printer.words.number(printer.minimum)),)
    if sheet.key == "cascade.steps":
        return _equation(sheet, printer)
    return ()


def _picture_reading(sheet: Sheet, printer: Printer) -> tuple[str, ...]:
    """The paragraph that reads the 27 segments."""
    words, rows = printer.words, sheet.records()
    measure = "value_share" if "value_share" in dict(sheet.columns) else "revenue_share"
    told, idle = {}, 0.0
    for group in ("best", "normal", "sleeping", "worst"):
        mine = [row for row in rows if row["group"] == group]
        value = sum(row.get(measure) or 0 for row in mine)
        idle += value if group in ("sleeping", "worst") else 0
        told[f"{group}_value"] = words.share(value)
        told[f"{group}_clients"] = words.share(sum(row["client_share"] or 0 for row in mine))
    if all(row.get(measure) is None for row in rows):
        return ()
    verdict = "picture27.serve" if idle <= 0.07 else "picture27.wake"
    return words.say("picture27.paragraph", **told), words.say(verdict, share=words.share(idle))


def _equation(sheet: Sheet, printer: Printer) -> tuple[str, ...]:
    words, count = printer.words, {row["step"]: row["clients"] for row in sheet.records()}
    told = {step: words.number(count.get(step, 0)) for step in (*pictures.LEVELS, "new", "returned", *pictures.LOWER)}
    notes = [words.say("cascade.equation", **told)]
    if passed := count.get("passed", 0):
        text = words.plural("cascade.passed", passed)
        notes.append(text.format(clients=words.count("count.clients", passed)))
    return tuple(notes)


def _months(sheet: Sheet | None, measure: str, wide: int, printer: Printer) -> Panel | None:
    if sheet is None or measure not in dict(sheet.columns):
        return None
    chart = pictures.months_of(measure, "money" if measure == "revenue" else "orders")(sheet, printer)
    made = panel(replace(sheet, key="months"), printer, wide=wide)
    return replace(made, key=f"months.{measure}", title=printer.words.say(f"sheet.months.{measure}"), chart=chart)


def _slices(study: Studied, printer: Printer) -> Iterator[Panel]:
    """A panel for each dimension."""
    sheet = study.sheets.get("slices")
    if sheet is None:
        return
    place = sheet.column("dimension")
    for dimension in dict.fromkeys(row[place] for row in sheet.rows):
        if made := slice_of(sheet, dimension, printer):
            yield made


def slice_of(sheet: Sheet, dimension: str, printer: Printer, *, wide: int = 12) -> Panel | None:
    """One dimension of the slices: the chart of its largest values, the table of all; None where all is withheld."""
    place = sheet.column("dimension")
    part = replace(sheet, rows=[row for row in sheet.rows if row[place] == dimension], n=None)
    if all(row.get("withheld") for row in part.records()):
        return None
    title = printer.words.name("dimension", dimension)
    found = table(part, printer)
    chart = pictures.slice_bars(part, printer, title)
    return Panel(
        f"slices.{dimension}", title, printer.footer(part, *(_axes(chart, printer) if chart else ())),
        printer.rule("rule.slices"), replace(found, head=found.head[1:], rows=[row[1:] for row in found.rows]), wide,
        chart=chart,
    )  # fmt: skip


def _withheld(study: Studied, printer: Printer) -> tuple[str, ...]:
    sheet, words = study.sheets["slices"], printer.words
    if "withheld" not in dict(sheet.columns):
        return ()
    hidden = sum(bool(row[sheet.column("withheld")]) for row in sheet.rows)
    return (words.plural("slices.withheld", hidden).format(cells=words.count("count.cells", hidden)),) if hidden else ()


def _names(sheet: Sheet | None, printer: Printer) -> list[Names]:
    """Who stands behind each moving bar of the cascade."""
    if sheet is None:
        return []
    place, words = sheet.column("step"), printer.words
    made = []
    for step in ("new", "returned", *pictures.LOWER, "passed"):
        rows: Sequence[tuple[Any, ...]] = [row for row in sheet.rows if row[place] == step]
        if rows:
            found = table(replace(sheet, rows=list(rows), cut=0), printer)
            made.append(Names(step, words.say(f"step.{step}"), words.number(len(rows)), found))
    return made
