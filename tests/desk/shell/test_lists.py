"""Lists that are edited whole: rows move, go and are added before anything is written. Times as they are typed."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from dovolen.desk.shell.forms import StretchField
from dovolen.desk.shell.lists import MOST, RowForm, Rows


class PairRow(RowForm):
    """Words of the gallery, so that labels exist."""

    words = "pages.sample.field"
    phone = forms.CharField(max_length=5)
    agreed = forms.BooleanField(required=False)


def sent(*rows: tuple[str, str], op: str = "", extra: str = "") -> QueryDict:
    """Rows as a browser sends them: pairs of a key and what stands in the first field."""
    parts = [f"row={key}&{key}-phone={value}" for key, value in rows] + ([f"op={op}"] if op else []) + [extra]
    return QueryDict("&".join(filter(None, parts)))


def shown(rows: Rows) -> list[tuple[str, object]]:
    return [(row.key, row.form["phone"].value()) for row in rows]


def of(*rows: tuple[str, str], op: str = "") -> Rows:
    made = Rows(PairRow, kept=[], sent=sent(*rows, op=op))
    if op:
        made.go_on()
    return made


def test_what_is_kept_is_shown_with_an_empty_row_behind() -> None:
    rows = Rows(PairRow, kept=[{"phone": "a", "agreed": True}])

    assert shown(rows) == [("r0", "a"), ("r1", None)]
    assert rows.op == ""


@pytest.mark.parametrize(
    ("op", "left"),
    [
        ("up-r1", ["r1", "r0", "r2"]), ("down-r1", ["r0", "r2", "r1"]), ("up-r0", ["r0", "r1", "r2"]),
        ("down-r2", ["r0", "r1", "r2"]), ("drop-r1", ["r0", "r2"]), ("add", ["r0", "r1", "r2", "r3"]),
        ("drop-r9", ["r0", "r1", "r2"]), ("eat-r1", ["r0", "r1", "r2"]),
    ],
)  # fmt: skip
def test_a_button_moves_drops_or_adds_and_the_keys_stay_with_their_rows(op: str, left: list[str]) -> None:
    rows = of(("r0", "a"), ("r1", "b"), ("r2", "c"), op=op)

    assert [key for key, _ in shown(rows)] == left
    kept = {"r0": "a", "r1": "b", "r2": "c"}
    assert all(value == kept.get(key) for key, value in shown(rows))


def test_a_button_judges_nothing() -> None:
    rows = of(("r0", "far too long"), op="add")

    assert not any(row.form.errors for row in rows)


def test_first_and_last_know_it() -> None:
    rows = list(of(("r0", "a"), ("r1", "b")))

    assert [(row.is_first, row.is_last) for row in rows] == [(True, False), (False, True)]


def test_empty_rows_are_left_out_and_every_other_is_judged() -> None:
    rows = of(("r0", "a"), ("r1", ""), ("r2", "far too long"))

    assert not rows.is_valid()
    assert [bool(row.form.errors) for row in rows] == [False, False, True]
    sound = of(("r2", "a"), ("r1", ""), ("r0", "b"))
    assert sound.is_valid()
    assert [row["phone"] for row in sound.values()] == ["a", "b"]


def test_strange_keys_and_a_flood_of_rows_are_not_taken() -> None:
    rows = of(("r0", "a"), ("r0", "b"), ("../x", "c"), ("ё", "d"), ("r" * 20, "e"))
    assert [row.key for row in rows] == ["r0"]

    many = Rows(PairRow, kept=[], sent=sent(*((f"r{n}", "x") for n in range(MOST + 50)), op="add"))
    many.go_on()
    assert len(list(many)) == MOST


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90), ("8:00", 480), ("1:05", 65), ("1 ч 30 мин", 90), ("1ч30м", 90), ("1.5 h", 90), ("2 d", 2880),
        ("3 дн", 4320), ("7 дней", 10080), ("1 день 2 часа", 1560), ("45 min", 45), ("", None), ("0", 0),
        ("1\u00a0ч 30\u00a0мин", 90), ("1,5 часа", 90),
    ],
)  # fmt: skip
def test_a_stretch_of_time_is_read_however_it_is_told(typed: str, minutes: int | None) -> None:
    assert StretchField(required=False).clean(typed) == minutes


@pytest.mark.parametrize("typed", ["много", "1:70", "5 лет", "-5", "1 ч и ещё", "9" * 20, "999 d"])
def test_what_is_no_stretch_of_time_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        StretchField(required=False).clean(typed)


@pytest.mark.parametrize("minutes", [0, 5, 60, 90, 1439, 1440, 2880, 10080, 20161, 11 * 1440])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_stretch_that_was_shown_is_read_back_the_same(minutes: int, lang: str) -> None:
    with translation.override(lang):
        field = StretchField(required=False)
        assert field.clean(field.prepare_value(minutes)) == minutes
