"""A list edited whole: its rows are small forms that move, go and are added by buttons, and are saved by one.

The page needs no script for it: a button named `op` sends the form, and the same page comes back with the row moved;
nothing is written before it is saved. With htmx the list alone comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from dovolen.desk.shell.forms import WordedForm

MOST = 200
"""Rows of one list."""
KINDS = {"select": "form-select", "checkbox": ""}


class RowForm(WordedForm):
    """A row of a list: its controls say what they are without a label of their own; an empty row may be sent."""

    use_required_attribute = False

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for field in self.fields.values():
            kind = KINDS.get(getattr(field.widget, "input_type", ""), "form-control")
            field.widget.attrs.update({"class": kind, "aria-label": field.label})


@dataclass
class Row:
    """A row on the page: `key` stays with it wherever it moves."""

    key: str
    form: Any
    is_first: bool = False
    is_last: bool = False


class Rows:
    """The rows of a list, as they are kept or as they were sent."""

    def __init__(
        self,
        kind: Callable[..., RowForm],
        *,
        kept: Sequence[Mapping[str, Any]],
        sent: QueryDict | None = None,
        n_blank: int = 1,
    ) -> None:
        self.kind = kind
        self.sent = sent
        self.filled: list[Row] = []
        if sent is None:
            made = [Row(f"r{place}", self._shown(f"r{place}", values)) for place, values in enumerate(kept)]
        else:
            made = [Row(key, kind(sent, prefix=key)) for key in _keys(sent)]
        self.rows = made
        if sent is None:
            self._add_blank(n_blank)

    @property
    def op(self) -> str:
        """What a button of the list asks for; nothing when it is to be saved."""
        return self.sent.get("op", "") if self.sent is not None else ""

    def go_on(self) -> None:
        """Do what the button asks for: the rows stand as they were sent, moved, without one, or with a further one."""
        what, _, key = self.op.partition("-")
        self.rows = [Row(row.key, self._shown(row.key, self._typed(row.form))) for row in self.rows]
        place = next((place for place, row in enumerate(self.rows) if row.key == key), None)
        if what == "add":
            self._add_blank(1)
        elif place is not None and what == "drop":
            del self.rows[place]
        elif place is not None and what in ("up", "down"):
            other = min(max(place + (1 if what == "down" else -1), 0), len(self.rows) - 1)
            self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def __iter__(self) -> Any:
        for place, row in enumerate(self.rows):
            row.is_first, row.is_last = place == 0, place == len(self.rows) - 1
            yield row

    def is_valid(self) -> bool:
        """Whether every row that holds something is sound."""
        self.filled = self._filled()
        return not [row for row in self.filled if not row.form.is_valid()]  # every one is looked at

    def values(self) -> list[dict[str, Any]]:
        """What was typed, row by row, once the list is known to be sound; rows without their first field stay out."""
        return [row.form.cleaned_data for row in self.filled]

    def _filled(self) -> list[Row]:
        """Rows whose first field holds something; of the others nothing is asked."""
        filled = []
        for row in self.rows:
            if self._typed(row.form)[next(iter(row.form.fields))]:
                filled.append(row)
            else:
                row.form = self._shown(row.key, self._typed(row.form))
        return filled

    def _typed(self, form: RowForm) -> dict[str, Any]:
        if not form.is_bound:
            return dict(form.initial)
        return {
            name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
            for name, field in form.fields.items()
        }

    def _shown(self, key: str, values: Mapping[str, Any]) -> RowForm:
        return self.kind(prefix=key, initial=dict(values))

    def _add_blank(self, n: int) -> None:
        taken = {row.key for row in self.rows}
        free = (f"r{place}" for place in range(MOST + n) if f"r{place}" not in taken)
        for key, _ in zip(free, range(n), strict=False):
            if len(self.rows) < MOST:
                self.rows.append(Row(key, self._shown(key, {})))


def _keys(sent: QueryDict) -> list[str]:
    """Keys of the rows in the order in which they stood on the page, each once."""
    given = dict.fromkeys(key for key in sent.getlist("row") if key.isascii() and key.isalnum() and len(key) < 8)
    return list(given)[:MOST]
