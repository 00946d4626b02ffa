"""What a full study learnt of everybody, kept: with it one client's rows alone tell of him what the full study would.

A population is named small tables. Those that bear the name of a view stand in its place (cuts of RFM, usual silences,
medians of service); the others are what the rooms of the study learnt (models, shares, ranked sums). A study that is
given one computes none of this from its own rows, so that the same rows with the same population always say the same.

What one client's study has to be given besides the population: `around` tells.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import pyarrow as pa

from dovolen.insight.facts import Views
from dovolen.insight.schema import ARROW, TABLES, SchemaError, Tables

VIEWS = ("rfm_thresholds", "group_gaps", "service_known", "service_medians", "risk_known", "risk_dear", "value_hour",
         "value_abc_cuts")  # fmt: skip
"""Views of everybody that a population stands in for."""

DATED = ("group_gaps", "risk_dear")
"""Those of them that speak of several days."""

_STUDY = "study"
_FORMAT = 1


@dataclass(frozen=True)
class Population:
    """Parameters of everybody by name, as `Study.population` gives them."""

    tables: Mapping[str, pa.Table]

    def to_bytes(self) -> bytes:
        """All of it as one Arrow stream, to be stored."""
        names = list(self.tables)
        packed = pa.table(
            {"name": pa.array(names), "rows": pa.array([_written(self.tables[name]) for name in names], pa.binary())},
            metadata={"dovolen.population": str(_FORMAT)},
        )
        return _written(packed)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Population:
        """What `to_bytes` made. Raises: SchemaError when it is nothing of the kind."""
        try:
            packed = _read(stored)
            version = int((packed.schema.metadata or {})[b"dovolen.population"])
            rows = zip(packed["name"].to_pylist(), packed["rows"].to_pylist(), strict=True)
            found = {name: _read(one) for name, one in rows} if version == _FORMAT else {}
        except (pa.ArrowInvalid, KeyError, ValueError, TypeError) as error:
            raise SchemaError("error.bad_population") from error
        if _STUDY not in found:
            raise SchemaError("error.bad_population")
        return cls(found)

    def table(self, name: str) -> pa.Table | None:
        """The table of that name; None where the full study learnt nothing of the kind."""
        return self.tables.get(name)

    def view(self, name: str, days: Sequence[date]) -> pa.Table:
        """Rows that stand in for a view. Of each of `days` those of the latest day not after it that is known, else of
        the earliest: until the next full study a population is taken to stay as it was."""
        rows = self.tables[name]
        return _on_days(rows, days) if name in DATED else rows

    @cached_property
    def _study(self) -> dict[str, Any]:
        found: dict[str, Any] = self.tables[_STUDY].to_pylist()[0]
        return found

    @property
    def asof(self) -> date:
        """The day of the full study."""
        day: date = self._study["asof"]
        return day

    @property
    def earliest(self) -> date:
        """The first day of its orders."""
        day: date = self._study["earliest"]
        return day

    @property
    def grid(self) -> int:
        """Grades a direction."""
        return int(self._study["grid"])

    def shaped(self, tables: Tables) -> Tables:
        """`tables` with the tables and columns that the base of this population has, empty where they are lacking:
        what a source tells of at all is known of all of it, not of one client's rows."""
        given: dict[str, dict[str, str]] = json.loads(self._study["given"])
        data = {name: _shaped(tables.data.get(name), name, columns) for name, columns in given.items()}
        return replace(tables, data=data)


def described(*, asof: date, earliest: date, grid: int, given: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """The row that says whose parameters these are; `given`: table → column → kind."""
    told = json.dumps({name: dict(columns) for name, columns in given.items()})
    return pa.table(
        {
            "asof": pa.array([asof], pa.date32()),
            "earliest": pa.array([earliest], pa.date32()),
            "grid": pa.array([grid], pa.int64()),
            "given": [told],
        }
    )


def stand_in(views: Views, learnt: Population, days: Sequence[date]) -> pa.Table | None:
    """Offer what was learnt of everybody in place of the views that would learn it; gives the cuts of RFM."""
    for name in VIEWS:
        views.offer(name, partial(learnt.view, name, days))
    return learnt.table("rfm_thresholds")


def around(tables: Tables, customers: Collection[Any]) -> Tables:
    """The rows that a study of these clients has to be given, out of all rows.

    Theirs; other clients' orders of assets they own or have brought, and orders that repeat theirs or that theirs
    repeat (an asset that comes back tells of its earlier repair whoever brings it); clients they referred, with their
    orders (they count as brought once they were served). Needs: Arrow tables. What the study says of the others in it
    is not to be believed.
    """
    data = {name: rows for name, rows in tables.data.items() if isinstance(rows, pa.Table)}
    own = set(customers)
    clients = _Rows(data.get("customers"))
    brought = clients.of("referred_by", own, "customer_id")
    orders, assets = _Rows(data.get("orders")), _Rows(data.get("assets"))
    his_orders = orders.of("customer_id", own, "order_id")
    his_assets = orders.of("customer_id", own, "asset_id") | assets.of("customer_id", own, "asset_id")
    repeated = orders.of("customer_id", own, "rework_of")
    keys = {"customer_id": own | brought, "order_id": his_orders | repeated, "asset_id": his_assets}
    wanted = {
        "customers": {"customer_id": own | brought},
        "orders": {**keys, "rework_of": his_orders},
        "assets": {"asset_id": his_assets, "customer_id": own},
    }
    others = {"customer_id": own, "order_id": his_orders}
    made = {name: _Rows(rows).where(wanted.get(name, others)) for name, rows in data.items()}
    return replace(tables, data={**tables.data, **made})


class _Rows:
    """A table whose columns may be lacking."""

    def __init__(self, rows: pa.Table | None) -> None:
        self._rows = rows

    def of(self, column: str, values: set[Any], asked: str) -> set[Any]:
        """Values of `asked` in the rows whose `column` is among `values`."""
        if self._rows is None or not {column, asked} <= set(self._rows.column_names):
            return set()
        return set(self.where({column: values})[asked].to_pylist()) - {None}

    def where(self, any_of: Mapping[str, set[Any]]) -> pa.Table:
        """Rows in which any of the columns has one of its values; all rows of a table that has none of the columns."""
        import pyarrow.compute as pc

        rows = self._rows if self._rows is not None else pa.table({})
        masks = [
            pc.is_in(rows[name], value_set=pa.array(sorted(values), rows[name].type))
            for name, values in any_of.items() if name in rows.column_names
        ]  # fmt: skip
        if not masks:
            return rows
        mask = masks[0]
        for more in masks[1:]:
            mask = pc.or_(mask, more)
        return rows.filter(mask)


def _on_days(rows: pa.Table, days: Sequence[date]) -> pa.Table:
    """The rows of each day, or of the one that stands for it, with that day written on them."""
    import pyarrow.compute as pc

    known = sorted(set(rows["day"].to_pylist()))
    made = [rows.slice(0, 0)]
    for day in days if known else ():
        stands_in = max((one for one in known if one <= day), default=known[0])
        mine = rows.filter(pc.equal(rows["day"], pa.scalar(stands_in, pa.date32())))
        made.append(mine.set_column(mine.column_names.index("day"), "day", pa.array([day] * len(mine), pa.date32())))
    return pa.concat_tables(made)


def _shaped(given: Any, name: str, columns: Mapping[str, str]) -> Any:
    """Rows with just these columns; what is no Arrow table is left as it is."""
    if given is not None and not isinstance(given, pa.Table):
        return given
    size = 0 if given is None else len(given)
    made = {}
    for column, kind in columns.items():
        empty = given is None or column not in given.column_names or given.schema.field(column).type == pa.null()
        made[column] = pa.nulls(size, _arrow(name, column, kind)) if given is None or empty else given[column]
    return pa.table(made)


def _arrow(table: str, column: str, kind: str) -> pa.DataType:
    """Type of a column that is not there: the one in which the base had it."""
    spec = TABLES[table].column(column)
    if spec is not None and spec.kind == "id":
        return pa.int64() if kind == "int" else pa.string()
    return ARROW[kind if kind in ARROW else "text"]


def _written(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(rows)
    return bytes(sink.getvalue().to_pybytes())


def _read(stored: bytes) -> pa.Table:
    with pa.ipc.open_stream(pa.py_buffer(stored)) as stream:
        return stream.read_all()
