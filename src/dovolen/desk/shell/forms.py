"""Forms whose words stand in the words files: labels and hints by the name of the field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from dovolen.desk.core import words
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.templatetags.words import lasting, when

LARGEST_SUM = 10**12
DAY = 24 * 60
LONGEST_STRETCH = 366 * DAY
NOTHING = "—"


class WordedForm(forms.Form):
    """A form of an app: `words` is where its labels begin, as in "accounts.field"."""

    words = ""
    has_hints = True
    differences: tuple[Beside, ...] = ()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        speaker = words.current()
        for name, field in self.fields.items():
            key = f"{self.words}.{name}"
            if field.label is None and not field.widget.is_hidden:
                field.label = speaker.say(key)
            if self.has_hints and f"{key}_hint" in speaker:
                field.help_text = speaker.say(f"{key}_hint")

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Say what may be chosen in a field."""
        cast("forms.ChoiceField", self.fields[name]).choices = list(choices)

    def count_in(self, currency: str) -> None:
        """Say in what currency the sums of this form are typed."""
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency

    def refuse(self, refusal: Exception, field: str | None = None) -> None:
        """Show why an action was not done, above the form or at a field."""
        self.add_error(field, str(refusal))
        if isinstance(refusal, Stale):
            self._go_on_from(refusal)

    def _go_on_from(self, stale: Stale) -> None:
        """What others wrote meanwhile stands beside what was typed; sent again, the form knows the row as it is now."""
        self.differences = tuple(
            Beside(
                str(self.fields[one.field].label), self._said(one.field, one.theirs), self._said(one.field, one.mine)
            )
            for one in stale.differences
            if one.field in self.fields
        )
        sent: Any = self.data
        self.data = sent.copy()
        self.data[self.add_prefix("version")] = str(stale.version)  # type: ignore[index]

    def _said(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, MoneyField):
            return field.said(value)
        choices = dict(getattr(field, "choices", None) or ())
        return str(choices.get(value, choices.get(str(value), ""))) or said(value)


@dataclass(frozen=True)
class Beside:
    """A field that two people wrote differently, both values as people read them."""

    label: str
    theirs: str
    mine: str


def said(value: Any) -> str:
    """A value of a field as a person reads it."""
    if isinstance(value, bool):
        return words.say("shell.yes" if value else "shell.no")
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return words.current().date(value)
    if isinstance(value, Decimal):
        return words.current().number(float(value), 0 if value == value.to_integral() else 2)
    return str(value) if value not in (None, "") else NOTHING


class VersionedForm(WordedForm):
    """A form over a row that several people change: it carries the version that its page showed, and what stood there.

    Sent too late, it keeps what its person changed; where he changed nothing, it follows the others.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    def is_touched(self, name: str) -> bool:
        """Whether he changed a field; where the form does not tell what stood there, he did."""
        return self.add_initial_prefix(name) not in self.data or name in self.changed_data

    def _go_on_from(self, stale: Stale) -> None:
        untouched = [name for name in self.fields if name != "version" and not self.is_touched(name)]
        kept = [one for one in stale.differences if one.field not in untouched]
        super()._go_on_from(Stale(stale.version, kept))
        for name in untouched:
            if name in self.initial:
                self._follow(name, self.initial[name])

    def _follow(self, name: str, value: Any) -> None:
        """Show what stands in the base now as if it had stood there from the beginning."""
        prepared, sent = self.fields[name].prepare_value(value), cast("MultiValueDict[str, Any]", self.data)
        for key in (self.add_prefix(name), self.add_initial_prefix(name)):
            if isinstance(prepared, list | tuple):
                sent.setlist(key, list(prepared))
            elif isinstance(prepared, bool) and not prepared:
                sent.pop(key, None)
            elif isinstance(prepared, datetime | date):
                sent[key] = self.fields[name].widget.format_value(prepared)
            else:
                sent[key] = "" if prepared is None else str(prepared)

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def seen(self) -> int:
        """The version that the page showed."""
        return int(self.cleaned_data["version"])


class MoneyField(forms.CharField):
    """A sum typed in roubles, «3 040» or «3040,50»; cleaned to minor units."""

    def __init__(self, *, currency: str = "RUB", **values: Any) -> None:
        self.currency = currency
        values.setdefault("max_length", 20)
        super().__init__(**values)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Phones show digits."""
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        """Minor units. Raises: ValidationError for what is no sum of money."""
        text = "".join(str(super().clean(value) or "").replace(",", ".").split())
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise ValidationError(words.say("shell.field.no_money"), code="invalid")
        minor = (amount * self._minor()).to_integral_value(ROUND_HALF_EVEN)
        if minor > LARGEST_SUM:
            raise ValidationError(words.say("shell.field.no_money"), code="invalid")
        return int(minor)

    def prepare_value(self, value: Any) -> Any:
        """Minor units as they are typed; what was typed stays."""
        if not isinstance(value, int):
            return value
        minor = self._minor()
        whole, rest = divmod(value, minor)
        return f"{whole},{rest:0{len(str(minor)) - 1}}" if rest else str(whole)

    def said(self, value: int | None) -> str:
        """As a person reads it."""
        return NOTHING if value is None else words.money(value, self.currency)

    def _minor(self) -> int:
        from dovolen.insight.currencies import minor_units

        return minor_units(self.currency)


class MomentField(forms.DateTimeField):
    """A moment on the clock of the one who types it, of this century: what lies beyond is a slip of the keyboard."""

    def __init__(self, **values: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **values)

    def to_python(self, value: Any) -> datetime | None:
        """A moment. Raises: ValidationError for what is none, and for other centuries."""
        return _of_this_century(super().to_python(value))


class DayField(forms.DateField):
    """A day."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **values)


Day = TypeVar("Day", date, datetime)


def _of_this_century(day: Day | None) -> Day | None:
    if day is not None and not 2000 <= day.year < 2100:
        raise ValidationError(words.say("shell.field.no_such_year"), code="invalid")
    return day


class StretchField(forms.CharField):
    """A stretch of time as people tell it, «1 ч 30 мин», «8:00», «90»; cleaned to minutes. A day is 24 hours."""

    PARTS = re.compile(r"(\d+(?:[.,]\d+)?)\s*([дdчhмm][^\W\d]*)", re.IGNORECASE)
    MINUTES_IN = {"д": 1440, "d": 1440, "ч": 60, "h": 60, "м": 1, "m": 1}

    def __init__(self, **values: Any) -> None:
        values.setdefault("max_length", 30)
        super().__init__(**values)

    def clean(self, value: Any) -> int | None:
        """Minutes; none where nothing was typed. Raises: ValidationError for what is no stretch of time."""
        text = str(super().clean(value) or "").strip().replace("\u00a0", " ")
        if not text:
            return None
        minutes = self._minutes(text)
        if minutes is None or minutes > LONGEST_STRETCH:
            raise ValidationError(words.say("shell.field.no_stretch"), code="invalid")
        return minutes

    def _minutes(self, text: str) -> int | None:
        if text.isdecimal():
            return int(text)
        if clock := re.fullmatch(r"(\d{1,4}):([0-5]\d)", text):
            return int(clock[1]) * 60 + int(clock[2])
        parts = self.PARTS.findall(text)
        if not parts or self.PARTS.sub("", text).strip(" .,"):
            return None
        return round(sum(float(n.replace(",", ".")) * self.MINUTES_IN[unit[0].lower()] for n, unit in parts))

    def prepare_value(self, value: Any) -> Any:
        """Minutes as they are typed: whole days from two on, else hours and minutes; what was typed stays."""
        if not isinstance(value, int):
            return value
        if value >= 2 * DAY and value % DAY == 0:
            return lasting(value)
        hours, rest = divmod(value, 60)
        speaker = words.current()
        if hours and rest:
            return speaker.say("lasting.both", hours=hours, minutes=rest)
        return speaker.say("lasting.hours", n=hours) if hours else speaker.say("lasting.minutes", n=rest)
