"""Rows of people as they are called today: names of the base, never of the snapshot, and only those one may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.people.models import Customer

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card, Printed

ID, NAME = "customer_id", "name"


def names(keys: Iterable[Any], staff: Staff) -> dict[int, str]:
    """Clients he may see by their keys: one query."""
    wanted = {key for key in keys if isinstance(key, int)}
    return dict(Customer.objects.visible_to(staff).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def by_name(cards: Sequence[Any], staff: Staff, *, hidden: tuple[str, ...] = ()) -> list[Any]:
    """Panels of people with the name first and no number of theirs; who may not be seen is left out.

    `hidden` are further columns that say nothing here. Panels that could not be drawn stay as they are.
    """
    drawn = [card for card in cards if not card.why]
    known = names((record.get(ID) for card in drawn for record in card.panel.table.records), staff)
    return [card if card.why else _turned(card, known, hidden) for card in cards]


def led_by(card: Card, column: str) -> Card:
    """A panel with one of its columns first: the one that leads to names or orders."""
    head = card.panel.table.head
    first = next((at for at, cell in enumerate(head) if cell.text == words.current().name("column", column)), 0)
    order = [first, *(at for at in range(len(head)) if at != first)]
    rows = [replace(row, cells=[row.cells[at] for at in order]) for row in card.rows]
    table = replace(card.panel.table, head=[head[at] for at in order])
    return replace(card, panel=replace(card.panel, table=table), rows=rows)


def said_once(card: Card) -> Card:
    """A panel whose first column is left blank where it says what it said in the row above."""
    rows, before = [], ""
    for row in card.rows:
        first, *rest = row.cells
        rows.append(replace(row, cells=[replace(first, text=""), *rest]) if first.text == before else row)
        before = first.text
    return replace(card, rows=rows)


def _turned(card: Card, known: dict[int, str], hidden: tuple[str, ...]) -> Card:
    places = _places(card, hidden)
    if not places:
        return card
    kept = [
        (replace(row, cells=_cells(row.cells, places, known[record[ID]])), record)
        for row, record in zip(card.rows, card.panel.table.records, strict=True)
        if record.get(ID) in known
    ]
    table = card.panel.table
    shown = replace(table, head=[table.head[at] for at in places], records=[record for _, record in kept])
    return replace(card, panel=replace(card.panel, table=shown), rows=[row for row, _ in kept])


def _places(card: Card, hidden: tuple[str, ...]) -> list[int]:
    """Columns in their new order, the name first; none where the panel has no names."""
    speaker = words.current()
    heads = [cell.text for cell in card.panel.table.head]
    name, gone = speaker.name("column", NAME), {speaker.name("column", one) for one in (ID, *hidden)}
    if name not in heads:
        return []
    first = heads.index(name)
    return [first, *(at for at, text in enumerate(heads) if at != first and text not in gone)]


def _cells(cells: list[Printed], places: list[int], name: str) -> list[Printed]:
    first, *rest = (cells[at] for at in places)
    return [replace(first, text=name), *rest]
