"""Clients as columns of comparable values: one row a client, sorted by identifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.identity import normal
from dovolen.insight.identity.names import Name, parse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Points = NDArray[np.int16]

MOST = 4
"""Values of one kind kept of one client: a fifth telephone says nothing more."""


@dataclass(frozen=True)
class Many:
    """Several values a client (telephones, plates): codes of each row padded with −1, and how many hold a code."""

    codes: Ints
    values: list[str]
    held: Ints

    def shared(self, left: Ints, right: Ints) -> Ints:
        """The first code that both clients of each pair hold, −1 where there is none."""
        found = np.full(len(left), -1, np.int64)
        used = int((self.codes >= 0).any(axis=0).sum())
        for mine in range(used):
            for other in range(used):
                a = self.codes[left, mine]
                same = (a >= 0) & (found < 0) & (a == self.codes[right, other])
                found[same] = a[same]
        return found

    def present(self) -> Flags:
        """Who has any value."""
        return np.asarray(self.codes[:, 0] >= 0, bool)


@dataclass(frozen=True)
class Texts:
    """One text a row, as its code in a list that all columns of the records share; code 0 is the empty text."""

    codes: Ints
    values: list[str]

    def __getitem__(self, rows: Ints) -> Texts:
        return Texts(self.codes[rows], self.values)

    def __iter__(self) -> Iterator[str]:
        return (self.values[code] for code in self.codes.tolist())

    def said(self, row: int) -> str:
        """The text of one row."""
        return self.values[int(self.codes[row])]

    def filled(self) -> Flags:
        """Rows that say anything."""
        return np.asarray(self.codes > 0, bool)


@dataclass(frozen=True)
class Records:
    """Everything the comparison reads. Texts are empty where the base is silent."""

    ids: pa.Array
    given_rows: pa.Table
    names: list[Name]
    surname: Texts
    given: Texts
    patronymic: Texts
    sex: Texts
    firm: Flags
    trades: Flags
    street: Texts
    house: Texts
    place: Texts
    postcode: Texts
    born: Texts
    number: Texts
    phones: Many
    tails: Many
    emails: Many
    plates: Many
    serials: Many

    def __len__(self) -> int:
        return len(self.names)


def read(customers: pa.Table, assets: pa.Table | None = None) -> Records:
    """Canonical customers, and the columns a base may have besides, made comparable.

    Needs: customer_id. Reads where given: kind, name or given_name and surname, phones, emails, address, place,
    postcode, birth_date, tax_number; of assets customer_id, plate, serial_number. A repeated identifier counts once.
    """
    rows = _unique(customers)
    ids = rows["customer_id"].combine_chunks()
    names = _names(rows)
    places = [normal.address(text) for text in _texts(rows, "address")]
    phones = [normal.phones(cell) for cell in _texts(rows, "phones")]
    owned = _owned(assets, ids)
    known = {"": 0}
    said = {
        "surname": coded((name.surname for name in names), known),
        "given": coded((name.given for name in names), known),
        "patronymic": coded((name.patronymic for name in names), known),
        "sex": coded((name.sex for name in names), known),
        "street": coded((place.street for place in places), known),
        "house": coded((place.house for place in places), known),
        "place": coded(map(normal.plain, _texts(rows, "place")), known),
        "postcode": coded(map(normal.plain, _texts(rows, "postcode")), known),
        "born": coded(map(normal.day, _texts(rows, "birth_date")), known),
        "number": coded(map(normal.number, _texts(rows, "tax_number")), known),
    }
    values = list(known)
    return Records(
        ids=ids,
        given_rows=rows,
        names=names,
        firm=np.array([name.firm for name in names], bool),
        trades=np.array([name.trades for name in names], bool),
        phones=_many(phones),
        tails=_many([tuple(number[-7:] for number in held if len(number) >= 7) for held in phones]),
        emails=_many([normal.emails(cell) for cell in _texts(rows, "emails")]),
        plates=_many([_each(normal.plate, plates) for plates in owned["plate"]]),
        serials=_many([_each(normal.serial, numbers) for numbers in owned["serial_number"]]),
        **{name: Texts(codes, values) for name, codes in said.items()},
    )


def coded(values: Iterable[str], known: dict[str, int]) -> Ints:
    """Each text's code; `known` (the empty text first) learns those it has not met."""
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def _unique(customers: pa.Table) -> pa.Table:
    """The first row of each identifier, sorted by it; rows without one left out."""
    rows = customers.filter(pc.is_valid(customers["customer_id"]))
    rows = rows.append_column("_place", pa.array(np.arange(rows.num_rows)))
    first = rows.group_by("customer_id").aggregate([("_place", "min")]).sort_by("customer_id")
    return rows.take(first["_place_min"]).drop_columns("_place")


def _texts(rows: pa.Table, column: str) -> list[str]:
    """A column as texts, empty for nulls and where the table lacks it."""
    if column not in rows.column_names:
        return [""] * rows.num_rows
    return [str(text) for text in pc.fill_null(rows[column].cast(pa.string()), "").to_pylist()]


def _names(rows: pa.Table) -> list[Name]:
    kinds = _texts(rows, "kind")
    if "surname" in rows.column_names:
        parts = (_texts(rows, part) for part in ("surname", "given_name", "patronymic"))
        said = (tuple(map(normal.plain, row)) for row in zip(*parts, strict=True))
        return [Name(surname, given, patronymic) for surname, given, patronymic in said]
    return [parse(text, kind) for text, kind in zip(_texts(rows, "name"), kinds, strict=True)]


def _owned(assets: pa.Table | None, ids: pa.Array) -> dict[str, list[list[str]]]:
    """Plates and serial numbers of each client's assets."""
    owned: dict[str, list[list[str]]] = {}
    for column in ("plate", "serial_number"):
        owned[column] = [[] for _ in range(len(ids))]
        if assets is None or not {"customer_id", column} <= set(assets.column_names):
            continue
        owner = pc.index_in(assets["customer_id"].cast(ids.type), value_set=ids).to_pylist()
        for place, text in zip(owner, _texts(assets, column), strict=True):
            if place is not None and text:
                owned[column][place].append(text)
    return owned


def _each(normalise: Callable[[str], str], values: list[str]) -> tuple[str, ...]:
    return tuple(sorted({said for value in values if (said := normalise(value))})) if values else ()


def _many(rows: Sequence[tuple[str, ...]]) -> Many:
    codes = np.full((len(rows), MOST), -1, np.int64)
    known: dict[str, int] = {}
    for place, values in enumerate(rows):
        for column, value in enumerate(dict.fromkeys(values[:MOST])):
            codes[place, column] = known.setdefault(value, len(known))
    return Many(codes, list(known), np.bincount(codes[codes >= 0], minlength=len(known)))


def counts(codes: Ints) -> Ints:
    """How many rows bear the same code as each row."""
    _, place, number = np.unique(codes, return_inverse=True, return_counts=True)
    return np.asarray(number[place], np.int64)
