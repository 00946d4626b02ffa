"""A mapping proposed from headers and values; it asks nothing that it can see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight import mapping as mappings
from dovolen.insight.mapping import AMOUNT, Mapping, Returns, TableMapping
from dovolen.insight.schema import TABLES
from dovolen.insight.sources import reading
from dovolen.insight.sources.headers import currency_of, known, matching, tidy
from dovolen.insight.sources.reading import Raw

_ORDER_NUMBER_REPEATS = 1.05
_SAMPLE = 2_000
_CLIENT_FILES = ("clients", "customers", "contacts", "clientes", "клиенты", "контакты", "контрагенты")
_COMMON_KEYS = 0.95
_CLIENT = ("kind",)


def propose(source: str | Path) -> Mapping:
    """The preset whose headers the source has, else a mapping made from its headers and values."""
    return from_raws(reading.read(source), source)


def from_raws(raws: list[Raw], source: str | Path) -> Mapping:
    """The same for tables already read."""
    tables = {raw.name.rsplit(".", 1)[0].lower(): raw for raw in raws}
    named = {name: raw for name, raw in tables.items() if name in TABLES}
    if "orders" in named and {"accepted_at", "accepted_date"} & set(named["orders"].headers):
        return _from_canonical_names(named)
    main = max(raws, key=_likeness)
    return _preset(main) or replace(_from_headers(main, raws, source), preset=True)


def _likeness(raw: Raw) -> tuple[int, int]:
    """How much a table looks like orders: a date and an amount weigh most."""
    found = matching(raw, "orders")
    return 5 * ("accepted_at" in found) + 3 * ("revenue" in found) + 2 * ("customer_id" in found) + len(
        found
    ), raw.rows_in


def _preset(raw: Raw) -> Mapping | None:
    """The preset that finds the most of its columns, three fifths of them and four at least.

    A preset of clients alone is no answer to a table with amounts.
    """
    headers = {header.lower() for header in raw.headers}
    has_amounts = "revenue" in matching(raw, "orders")
    best: tuple[int, Mapping] | None = None
    for preset in map(mappings.load, mappings.presets()):
        columns = [names for part in preset.tables.values() for names in part.columns.values()]
        found = sum(any(name.lower() in headers for name in names) for names in columns)
        fits = found == len(columns) if preset.layout else found >= max(4, 0.6 * len(columns))
        if fits and (best is None or found > best[0]) and ("orders" in preset.tables or not has_amounts):
            best = found, preset
    return best[1] if best else None


def _from_canonical_names(named: dict[str, Raw]) -> Mapping:
    """Tables that already bear our names."""
    parts = {}
    for name, raw in named.items():
        columns = matching(raw, name)
        parts[name] = TableMapping(
            columns=_dates_as_they_are(columns),
            file=raw.name,
            values=_values(
                raw, columns, ("outcome", "pay_type") if name == "orders" else _CLIENT if name == "customers" else ()
            ),
        )
    return Mapping(tables=parts, name="canonical", preset=True)


def _dates_as_they_are(columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """`accepted_at` reads days as well as moments, so a day beside it is not asked for twice."""
    if "accepted_date" in columns:
        columns.setdefault("accepted_at", columns["accepted_date"])
        del columns["accepted_date"]
    return columns


def _from_headers(main: Raw, raws: list[Raw], source: str | Path) -> Mapping:
    orders = _dates_as_they_are(matching(main, "orders"))
    lines = matching(main, "lines") if "accepted_at" in orders else {}
    parts: dict[str, TableMapping] = {}
    group_by = _group_by(main, orders, lines)
    currency = next(
        (code for headers in (orders.get("revenue", ()),) for header in headers if (code := currency_of(header))), ""
    )
    if group_by:
        used = {header for headers in orders.values() for header in headers}
        lines = {column: headers for column, headers in lines.items() if not set(headers) & used}
        if "revenue" in orders:
            lines[AMOUNT] = orders.pop("revenue")
        parts["lines"] = TableMapping(columns=lines)
    customers = matching(main, "customers")
    if "accepted_at" not in orders:
        return _clients_only(main, customers, orders)
    if "asset_id" not in orders and (assets := matching(main, "assets")).get("asset_id"):
        parts["assets"] = TableMapping(columns=_own(assets, orders, lines))
        orders["asset_id"] = assets["asset_id"]
    if phones := customers.get("phones"):
        orders["customer_id"] = tuple(dict.fromkeys((*_identifying(orders, phones), *orders.get("customer_id", ()))))
    parts["orders"] = TableMapping(columns=orders, values=_values(main, orders))
    clients, alike = _customers_of(main, orders, customers, raws, source)
    parts |= clients
    return Mapping(
        tables=parts,
        name=main.name,
        currency=currency,
        group_by=group_by,
        returns=_returns(main),
        companies=_companies(main, orders),
        alike=alike,
    )


def _own(part: dict[str, tuple[str, ...]], *others: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Columns whose headers mean nothing else."""
    used = {header for other in others for headers in other.values() for header in headers}
    return {column: headers for column, headers in part.items() if column == "asset_id" or not set(headers) & used}


def _identifying(orders: dict[str, tuple[str, ...]], phones: tuple[str, ...]) -> tuple[str, ...]:
    """The phone goes before a name, never before a true identifier."""
    header = tidy(orders.get("customer_id", ("",))[0])
    looks_like_a_name = header in known()["customers"]["name"] or header in {
        "customer",
        "client",
        "контрагент",
        "заказчик",
        "покупатель",
        "cliente",
    }
    return phones if looks_like_a_name or not header else ()


def _group_by(main: Raw, orders: dict[str, tuple[str, ...]], lines: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Rows are lines when they have items or quantities and no order number, or an order number that repeats."""
    goods = {"quantity", "price"} & lines.keys() or ({"name", "work_group"} <= lines.keys())
    if not goods or "accepted_at" not in orders:
        return ()
    if "order_id" in orders:
        numbers = main.rows.column(main.column(orders["order_id"][0]))
        repeated = main.rows.num_rows > _ORDER_NUMBER_REPEATS * pc.count_distinct(numbers).as_py()
        return ("order_id",) if repeated else ()
    if "customer_id" not in orders:
        return ()
    return ("customer_id", "accepted_date", "centre") if "centre" in orders else ("customer_id", "accepted_date")


def _values(
    raw: Raw, columns: dict[str, tuple[str, ...]], wanted: tuple[str, ...] = ("outcome", "pay_type")
) -> dict[str, dict[str, str]]:
    """Foreign words of closed columns that occur in the table and mean one of ours."""
    found = {}
    for column in wanted:
        if column in columns:
            seen = pc.unique(raw.rows.column(raw.column(columns[column][0])).cast(pa.string())).to_pylist()
            words = {word.strip().lower() for word in seen if word}
            found[column] = {foreign: ours for foreign, ours in known()["words"][column].items() if foreign in words}
    return {column: words for column, words in found.items() if words}


def _returns(main: Raw) -> Returns | None:
    """A column of few words, one of which means a return."""
    marks = set(known()["returns"]["words"])
    for i, header in enumerate(main.headers):
        column = main.rows.column(i).slice(0, 200_000)
        if not pa.types.is_string(column.type):
            continue
        words = pc.unique(column.slice(0, _SAMPLE)).to_pylist()
        if len(words) > 12:
            continue
        found = tuple(word for word in pc.unique(column).to_pylist() if word and word.strip().lower() in marks)
        if found:
            return Returns(header, found)
    return None


def _companies(main: Raw, orders: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Branches whose very names say that companies are served there."""
    if "centre" not in orders:
        return {}
    column = main.rows.column(main.column(orders["centre"][0]))
    if not pa.types.is_string(column.type):
        return {}
    marks = set(known()["companies"]["centre"])
    words = tuple(sorted(word for word in pc.unique(column).to_pylist() if word and word.strip().lower() in marks))
    return {"centre": words} if words else {}


def _clients_only(main: Raw, customers: dict[str, tuple[str, ...]], orders: dict[str, tuple[str, ...]]) -> Mapping:
    """A list of clients without orders; a table that is neither keeps what was found: the error names the rest."""
    if "phones" not in customers and "emails" not in customers:
        return Mapping(tables={"orders": TableMapping(columns=orders)}, name=main.name)
    key = customers.get("customer_id") or (
        *customers.get("phones", ()),
        *customers.get("emails", ()),
        *customers.get("name", ()),
    )
    return Mapping(
        tables={
            "customers": TableMapping(
                columns={**customers, "customer_id": key}, values=_values(main, customers, _CLIENT)
            )
        },
        name=main.name,
    )


def _customers_of(
    main: Raw, orders: dict[str, tuple[str, ...]], own: dict[str, tuple[str, ...]], raws: list[Raw], source: str | Path
) -> tuple[dict[str, TableMapping], dict[str, str]]:
    """Clients from a table beside the orders that shares their key, else from the orders' own columns."""
    if "customer_id" not in orders:
        return {}, {}
    key = orders["customer_id"][0]
    for raw in [raw for raw in raws if raw is not main] + _beside(source):
        if key in raw.headers and _share_keys(main, raw, key):
            columns = {**matching(raw, "customers"), "customer_id": (key,)}
            return {
                "customers": TableMapping(columns=columns, file=raw.name, values=_values(raw, columns, _CLIENT))
            }, _alike(raw)
    columns = {
        column: headers for column, headers in own.items() if column in {"name", "phones", "emails", "address", "kind"}
    }
    if not columns:
        return {}, {}
    return {
        "customers": TableMapping(
            columns={"customer_id": orders["customer_id"], **columns}, values=_values(main, columns, _CLIENT)
        )
    }, {}


def _alike(raw: Raw) -> dict[str, str]:
    """Headers of keys that stand for all spellings of an identifier or a name."""
    tidied = {tidy(header): header for header in raw.headers}
    names = known()["alike"]
    return {code: tidied[word] for code, words in names.items() for word in words if word in tidied}


def _beside(source: str | Path) -> list[Raw]:
    """Files of clients that lie beside the source."""
    if str(source).startswith(("postgres://", "postgresql://")) or not Path(source).is_file():
        return []
    files = reading.folder(Path(source).parent)
    return [
        raw
        for file in files
        if file.stem.lower() in _CLIENT_FILES and file != Path(source)
        for raw in reading.read(file)
    ]


def _share_keys(main: Raw, other: Raw, key: str) -> bool:
    """Whether nearly every client of the orders is in the other table."""
    ours = pc.unique(main.rows.column(main.column(key)).slice(0, 200_000).drop_null())
    theirs = pc.unique(other.rows.column(other.column(key)))
    if ours.type != theirs.type or not len(ours):
        return False
    return bool(pc.mean(pc.is_in(ours, value_set=theirs)).as_py() >= _COMMON_KEYS)
