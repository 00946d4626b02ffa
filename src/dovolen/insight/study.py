"""A study: everything known of a base on one day, computed when asked for, each figure with its rule, period and n."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import pyarrow as pa

from dovolen.insight import classes, lifecycle, metrics, rfm, summary
from dovolen.insight.config import Config
from dovolen.insight.currencies import minor_units
from dovolen.insight.customers import customer_table, with_columns
from dovolen.insight.engines import Engine, open_engine
from dovolen.insight.facts import Views
from dovolen.insight.parameters import parameters
from dovolen.insight.population import VIEWS, Population, described, stand_in
from dovolen.insight.quality import account_sheet, accounts, finding_sheet, findings
from dovolen.insight.results import Figure, Part, Sheet
from dovolen.insight.rooms import Base, Learning, Pieces, Room, begun
from dovolen.insight.schema import TABLES, Account, Finding, SchemaError, Tables

YEAR = timedelta(days=365)
QUARTER = timedelta(days=91)

_Dated = TypeVar("_Dated", Figure, Sheet)

_NEEDS = (
    ("clients", "orders", "customer_id"),
    ("money", "orders", "revenue"),
    ("margin", "orders", "parts_cost"),
    ("margin", "orders", "labour_cost"),
    ("promise_kept", "orders", "promised_at"),
    ("turnaround", "orders", "ready_at"),
    ("intermediary", "orders", "picked_up_at"),
    ("assets", "orders", "asset_id"),
    ("rework", "orders", "rework_of"),
    ("persons_and_companies", "customers", "kind"),
    ("contradictions", "customers", "regular_mark"),
    ("blocked", "customers", "blocked_at"),
    ("categories", "assets", "category"),
)
"""What a result needs that a source may lack."""


def study(
    tables: Tables,
    asof: date | None = None,
    config: Config | None = None,
    *,
    compare: date | None = None,
    engine: Engine | None = None,
    source: str = "",
    population: Population | None = None,
) -> Study:
    """A study of `tables` as of the end of day `asof` (default: the last day with an order).

    `compare` is the earlier day of the cascade and of movement (default: a year before). Nothing is computed yet.
    `population`: what an earlier study of the whole base learnt of everybody. With it the rows of single clients (those
    of `population.around`) give of each what all rows would; figures and sheets are of the rows given.
    Raises: SchemaError when `compare` is not before `asof`, or there is no order and no day is given.
    """
    tables = population.shaped(tables) if population else tables
    return Study(
        tables, asof, config or Config(), compare=compare, engine=engine or open_engine(), source=source,
        population=population,
    )  # fmt: skip


class Study:
    """One base on one day. Figures and sheets are made on first use; reports read nothing else."""

    def __init__(
        self,
        tables: Tables,
        asof: date | None,
        config: Config,
        *,
        compare: date | None,
        engine: Engine,
        source: str,
        population: Population | None = None,
    ) -> None:
        self._tables = tables
        self._config = config
        self._engine = engine
        self._source = source
        self._learnt = population
        self._seen = Views(engine, tables, {})  # canonical tables alone, for what must be known before the day is
        self._given = frozenset(self._seen.given("orders"))
        self.has_clients = "customer_id" in self._given
        self._has_revenue = "revenue" in self._given
        self.asof = asof or (population.asof if population else self._latest)
        self.compare = compare or self.asof - YEAR
        if self.compare >= self.asof:
            raise SchemaError("error.compare_not_before", {"compare": self.compare, "asof": self.asof})

    # What the base is studied with

    @cached_property
    def views(self) -> Views:
        """The views as of this day, with the days they are asked for."""
        views = Views(self._engine, self._tables, parameters(self._config, self.asof, self.compare, self._tables.zone))
        self._grid = self._grid_of(views)
        views.settle(**rfm.cuts(self._grid))
        known = sorted({self.asof, self.compare, self.asof - YEAR, self.asof - QUARTER, *self._quarters})
        views.offer("days", lambda: lifecycle.days(known))
        views.offer("quarters", lambda: lifecycle.places(self._quarters))
        cuts = stand_in(views, self._learnt, known) if self._learnt else None
        rfm.settle_thresholds(views, self._grid, self._config, minor_units(self._tables.currency), cuts)
        earlier = {"asof": self.compare, "rfm_since": rfm.since(self.compare, self._config)}
        views.again(("rfm_values", "rfm_measured", "rfm_grades", "rfm"), "_before", **earlier)
        return views

    @property
    def grid(self) -> int:
        """Grades a direction."""
        _ = self.views
        return self._grid

    @cached_property
    def _quarters(self) -> list[date]:
        return lifecycle.quarter_ends(self._earliest, self.asof)

    @cached_property
    def rooms(self) -> list[Room]:
        """The rooms of this study; each lends the others rows by `views.offer`."""
        tables = self._tables
        base = Base(
            self.views, self._config, self.asof, self.compare, self._earliest, tables.currency, tables.zone,
            self._learnt,
        )  # fmt: skip
        return [room(base) for room in _rooms()]

    @cached_property
    def _days_of_orders(self) -> tuple[date, date]:
        row = self._seen.row("SELECT MIN(accepted_date) AS earliest, MAX(accepted_date) AS latest FROM orders")
        days = [row["earliest"], row["latest"]]
        days += [self._learnt.earliest, self._learnt.asof] if self._learnt else []
        known = [day for day in days if day is not None]
        if not known:
            raise SchemaError("error.no_orders")
        return min(known), max(known)

    @property
    def _earliest(self) -> date:
        return self._days_of_orders[0]

    @property
    def _latest(self) -> date:
        return self._days_of_orders[1]

    def _grid_of(self, views: Views) -> int:
        """Grades a direction; by the number of served clients, which RFM of all history counts anyway."""
        if self._learnt:
            return self._learnt.grid
        if self._config.grid != "auto":
            return int(self._config.grid)
        if self._config.rfm_window_days:
            served = views.row("SELECT COUNT(DISTINCT customer_id) AS clients FROM billed WHERE counted = 1")
        else:
            served = views.row("SELECT COUNT(*) AS clients FROM rfm_values")
        return rfm.grid_for(served["clients"])

    # What comes out

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Day, period, currency, zone and settings this study was made with."""
        tables = self._tables
        return {
            "source": self._source,
            "asof": self.asof,
            "compare": self.compare,
            "earliest": self._earliest,
            "latest": self._latest,
            "currency": tables.currency,
            "currency_from": tables.currency_from,
            "zone": tables.zone,
            "zone_from": tables.zone_from,
            "grid": self.grid,
            "direction": self._config.direction,
            "engine": self._engine.name,
            "ignored_columns": list(tables.ignored_columns),
            "config": asdict(self._config),
        }

    @cached_property
    def findings(self) -> list[Finding]:
        """Flaws of the data, those seen while reading among them."""
        found = findings(self.views, self._tables)
        row = self._seen.row("SELECT COUNT(*) AS n FROM orders WHERE accepted_date > $asof", asof=self.asof)
        later = Finding("after_asof", "orders", row["n"], self._orders, action="not_yet")
        return [*found, later] if later.count else found

    @property
    def _orders(self) -> int:
        return int(self._seen.row("SELECT COUNT(*) AS n FROM orders")["n"])

    @cached_property
    def accounts(self) -> list[Account]:
        """Rows in, used and set aside, a table each."""
        return accounts(self.views, self._tables)

    @cached_property
    def steps(self) -> dict[str, int]:
        """The cascade between the two days."""
        return lifecycle.flows(self.views)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Single figures by key."""
        minimum = self._config.minimum
        found: dict[str, Figure] = metrics.overall(self.views, self._given, minimum=minimum)
        if self.has_clients:
            made = [
                *summary.base(self.views, self._config, self._earliest, self.asof),
                *summary.movement(self.views, self._config, self._worth_column, self.compare, self.asof),
                lifecycle.retention(self.views, self.asof, minimum),
                lifecycle.churn(self.steps, self.compare, self.asof, minimum),
            ]
            if "sold_at" in self._seen.given("assets"):
                made.append(lifecycle.sold_assets(self.views, self.asof, minimum))
            found |= {figure.key: figure for figure in made}
        else:
            made = summary.orders_only(self.views, self._earliest, self.asof)
            found |= {figure.key: figure for figure in made}
        found |= {figure.key: figure for room in self.rooms for figure in room.figures()}
        return {key: self._dated(figure) for key, figure in found.items() if self._possible(figure)}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """Sheets of rows by key; what has no rows is absent."""
        made = [make() for make in self._sheet_makers()]
        made += [sheet for room in self.rooms for sheet in room.sheets()]
        made += metrics.slices(self.views, self._given, minimum=self._config.minimum)
        return {**self.quality.sheets, **self._finished(made)}

    @cached_property
    def quality(self) -> Part:
        """The proof of the sum and the findings alone, for who asks no more."""
        return Part(self.meta, self._finished([account_sheet(self.accounts), finding_sheet(self.findings)]))

    def _finished(self, made: list[Sheet | None]) -> dict[str, Sheet]:
        return {found.key: self._labelled(self._dated(found)) for found in made if found is not None}

    def _sheet_makers(self) -> list[Callable[[], Sheet | None]]:
        views = self.views
        if not self.has_clients:
            return []
        makers: list[Callable[[], Sheet | None]] = [
            lambda: classes.summary(views),
            lambda: classes.contradictions(views) if "regular_mark" in self._seen.given("customers") else None,
            lambda: classes.probable_intermediaries(views),
            lambda: classes.fleets(views),
            lambda: lifecycle.states(views),
            lambda: lifecycle.cascade_steps(self.steps, self.compare, self.asof),
            lambda: lifecycle.cascade_names(views),
            lambda: lifecycle.cohorts(views, self.asof, self._earliest),
            lambda: lifecycle.frequency(views),
            lambda: lifecycle.services(views) if "price" in self._seen.given("lines") else None,
            lambda: lifecycle.codes(views),
            lambda: lifecycle.months(views),
        ]
        if self._has_revenue:
            makers += [
                lambda: rfm.thresholds(views, self.grid),
                lambda: rfm.cells(views),
                lambda: rfm.empty_grades(views, self.grid),
                lambda: rfm.segments(views),
                lambda: rfm.readings(views),
                lambda: rfm.patterns(views),
                lambda: rfm.codes(views),
                lambda: rfm.own_segments(views, self._config.segments),
                lambda: rfm.picture27(views, self._worth_column),
                lambda: rfm.two_way_map(views),
                lambda: rfm.movement(views),
                lambda: rfm.segment_movement(views),
                lambda: rfm.fallen(views),
                lambda: lifecycle.by_segment(views),
                lambda: lifecycle.codes_by_segment(views),
            ]
        return makers

    @property
    def _worth_column(self) -> str:
        """What stands for a client's value until it is predicted: margin where costs are known, else revenue."""
        costs = {"parts_cost", "labour_cost"} <= self._given
        return "margin" if costs else "revenue"

    @cached_property
    def impossible(self) -> list[tuple[str, str]]:
        """What cannot be computed from this source, with the column that is missing."""
        lacking = [
            (what, f"{table}.{column}") for what, table, column in _NEEDS if column not in self._seen.given(table)
        ]
        return list(dict.fromkeys([*lacking, *(one for room in self.rooms for one in room.missing())]))

    def customers(self) -> pa.Table:
        """One row a client; money in minor units, days as dates, grades in the direction of the study."""
        if not self.has_clients:
            raise SchemaError("error.no_clients")
        turned = self.grid if self._config.direction == "best1" else None
        with begun(self.rooms):
            known = customer_table(
                self.views, self.asof, self._tables.currency, turned_grid=turned, with_money=self._has_revenue
            )
            return with_columns(known, [rows for room in self.rooms if (rows := room.clients()) is not None])

    def files(self) -> dict[str, Pieces]:
        """Further files of the study by name without ending, written piece by piece."""
        return {name: pieces for room in self.rooms for name, pieces in room.files().items()}

    def scorecard(self) -> str | None:
        """The card learnt from the labels of this base, as TOML; None unless it proved better than the one in use."""
        from dovolen.insight.satisfaction.self_check import SelfCheck

        return next((room.scorecard for room in self.rooms if isinstance(room, SelfCheck)), None)

    def population(self) -> Population:
        """What was learnt of everybody: with it single clients are studied anew until the next full study.

        Raises: SchemaError where the source tells no clients.
        """
        if self._learnt:
            return self._learnt
        if not self.has_clients:
            raise SchemaError("error.no_clients")
        rooms = [room.population() for room in self.rooms if isinstance(room, Learning)]
        made = {name: rows for learnt in rooms for name, rows in learnt.items()}
        made |= {name: self.views.fetch(f"SELECT * FROM {name}") for name in VIEWS}
        given = {name: self._seen.given(name) for name in self._tables.data if name in TABLES}
        told = described(asof=self.asof, earliest=self._earliest, grid=self.grid, given=given)
        return Population({"study": told, **made})

    def risks(self) -> Sheet | None:
        """The list of points of risk with their evidence alone, as among the sheets."""
        from dovolen.insight.risk import Risk

        found = next((room.names() for room in self.rooms if isinstance(room, Risk)), None)
        return next(iter(self._finished([found]).values()), None)

    def cascade(self) -> pa.Table:
        """One row a client: state_before, state_after, flow."""
        return self.views.fetch("SELECT customer_id, state_before, state_after, flow FROM cascade ORDER BY customer_id")

    def rfm(self) -> pa.Table:
        """One row a served client: recency_days, frequency, money, grades, named segment."""
        return self.views.fetch(
            "SELECT customer_id, recency_days, frequency, money, rfm_r, rfm_f, rfm_m, rfm_segment FROM rfm"
        )

    def moves(self) -> pa.Table | None:
        """One row a graded client: r_before, segment_before, null where he was none yet. None: nobody is graded."""
        if not self._has_revenue:
            return None
        return self.views.fetch("SELECT customer_id, r_before, segment_before FROM rfm_moves")

    # Finishing touches

    def _labelled(self, found: Sheet) -> Sheet:
        """Grades as the reader counts them: the rules work on the highest as best, labels may turn round."""
        if self._config.direction == "best5":
            return found
        units = [unit for _, unit in found.columns]
        rows = [tuple(self._label(value, unit) for value, unit in zip(row, units, strict=True)) for row in found.rows]
        return replace(found, rows=rows)

    def _label(self, value: Any, unit: str) -> Any:
        if value is None or unit not in ("grade", "code"):
            return value
        return (self.grid + 1) * (111 if unit == "code" else 1) - value

    def _dated(self, found: _Dated) -> _Dated:
        """The period printed with what has none of its own: all history to the day."""
        if found.until is not None:
            return found
        return replace(found, since=self._earliest, until=self.asof)

    def _possible(self, figure: Figure) -> bool:
        return self._has_revenue or figure.unit != "money"


def _rooms() -> tuple[Callable[[Base], Room], ...]:
    """Parts of the study that stand on their own, in the order in which they may lend each other rows."""
    # Their models take a second to load, which nobody should pay for grades alone.
    from dovolen.insight.duplicates import Twice
    from dovolen.insight.experiments import Experiments
    from dovolen.insight.feedback import Feedback
    from dovolen.insight.forecast import Forecast
    from dovolen.insight.renewal import Renewal
    from dovolen.insight.risk import Risk
    from dovolen.insight.satisfaction import Satisfaction
    from dovolen.insight.satisfaction.self_check import SelfCheck
    from dovolen.insight.value import Worth

    return (Satisfaction, SelfCheck, Feedback, Risk, Worth, Experiments, Renewal, Forecast, Twice)
