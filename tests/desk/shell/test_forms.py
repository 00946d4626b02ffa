"""Fields of the house, and what a form does when somebody was faster."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from dovolen.desk.core.changes import Difference, Stale
from dovolen.desk.shell.forms import MomentField, MoneyField, VersionedForm, WordedForm, said


class LineForm(VersionedForm):
    words = "pages.sample.field"
    phone = forms.CharField(required=False)
    term = MoneyField(required=False)
    agreed = forms.BooleanField(required=False)


class Bare(forms.Form):
    sum = MoneyField(required=False, currency="RUB")
    at = MomentField(required=False)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("3040", 304000),
        ("3 040,50", 304050),
        ("3\u00a0040.5", 304050),
        ("0", 0),
        ("", None),
        ("0,005", 0),
        ("1e3", 100000),
    ],
)
def test_money_is_read_however_it_is_typed(typed: str, minor: int | None) -> None:
    form = Bare({"sum": typed})

    assert form.is_valid()
    assert form.cleaned_data["sum"] == minor


@pytest.mark.parametrize("typed", ["сто", "-5", "NaN", "Infinity", "1e400", "99999999999999", "1,2,3"])
def test_what_is_no_money_is_refused(typed: str) -> None:
    form = Bare({"sum": typed})

    assert not form.is_valid()
    assert "Введите сумму цифрами" in form.errors["sum"][0]


def test_money_is_shown_as_it_is_typed() -> None:
    assert 'value="3040"' in str(Bare(initial={"sum": 304000})["sum"])
    assert 'value="3040,50"' in str(Bare(initial={"sum": 304050})["sum"])


def test_a_moment_is_shown_as_the_browser_wants_it() -> None:
    at = datetime(2026, 11, 17, 12, 30, tzinfo=UTC)

    assert 'type="datetime-local"' in str(Bare(initial={"at": at})["at"])
    assert 'value="2026-11-17T' in str(Bare(initial={"at": at})["at"])


def test_a_late_form_shows_both_values_keeps_its_own_and_carries_the_new_version() -> None:
    form = LineForm({"phone": "2", "term": "30", "agreed": "on", "version": "1"})
    assert form.is_valid()
    stale = Stale(4, [Difference("phone", "1", "2"), Difference("term", 2000, 3000), Difference("agreed", False, True),
                      Difference("unknown", 1, 2)])  # fmt: skip

    form.refuse(stale)

    assert [(one.theirs, one.mine) for one in form.differences] == [
        ("1", "2"), ("20\u00a0₽", "30\u00a0₽"), ("нет", "да"),
    ]  # fmt: skip
    assert 'value="4"' in str(form["version"])
    assert 'value="2"' in str(form["phone"])
    assert "Пока страница была открыта" in form.non_field_errors()[0]


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [(None, "ru", "—"), ("", "ru", "—"), (True, "en", "yes"), (Decimal("1.5"), "ru", "1,50"), (Decimal("2.000"), "ru", "2"),
     (datetime(2020, 5, 12, tzinfo=UTC).date(), "en", "12\u00a0May\u00a02020"), ("x", "ru", "x")],
)  # fmt: skip
def test_values_are_said_as_people_read_them(value: object, lang: str, text: str) -> None:
    with translation.override(lang):
        assert said(value) == text


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "вчера"])
def test_other_centuries_are_a_slip_of_the_keyboard(typed: str) -> None:
    assert not Bare({"at": typed}).is_valid()
    assert Bare({"at": "2026-11-17T15:30"}).is_valid()


def late(typed: dict[str, str], shown: dict[str, str], now: dict[str, object]) -> LineForm:
    """A form sent with what it showed at first, while the base holds `now` already."""
    hidden = {f"initial-{name}": value for name, value in shown.items()}
    return LineForm(QueryDict(urlencode({"version": "1", **typed, **hidden})), initial=now)


def test_a_late_form_follows_the_others_where_its_person_changed_nothing() -> None:
    shown = {"phone": "1", "term": "30", "agreed": "False"}
    form = late({"phone": "1", "term": "45"}, shown, {"phone": "2", "term": 3000, "agreed": True})
    assert form.is_valid()

    form.refuse(
        Stale(2, [Difference("phone", "2", "1"), Difference("term", 3000, 4500), Difference("agreed", True, False)])
    )

    assert [one.mine for one in form.differences] == ["45\u00a0₽"]
    assert 'value="2"' in str(form["phone"])
    assert 'name="agreed"' in str(form["agreed"])
    assert "checked" in str(form["agreed"])
    assert 'name="term" value="45"' in str(form["term"])
    assert 'name="initial-term" value="30"' in str(form["term"])


def test_a_form_that_does_not_tell_what_stood_there_keeps_all_that_was_sent() -> None:
    form = LineForm(QueryDict("version=1&phone=1&term="), initial={"phone": "2", "term": 3000})
    assert form.is_valid()

    form.refuse(Stale(2, [Difference("phone", "2", "1"), Difference("term", 3000, None)]))

    assert [one.mine for one in form.differences] == ["1", "—"]
    assert 'name="phone" value="1"' in str(form["phone"])


class Choosing(WordedForm):
    words = "pages.sample.field"
    has_hints = False
    colour = forms.ChoiceField(label="")
    price = MoneyField(label="")


def test_what_may_be_chosen_and_in_what_currency_is_said_when_the_form_is_made() -> None:
    form = Choosing({"colour": "red", "price": "100"})

    form.offer("colour", ((code, code.title()) for code in ("red", "green")))
    form.count_in("JPY")

    assert form.is_valid()
    assert form.cleaned_data == {"colour": "red", "price": 100}
    assert '<option value="green">Green</option>' in str(form["colour"])
    assert Choosing.base_fields["price"].currency == "RUB", "other forms count as before"  # type: ignore[attr-defined]
