"""Forms of the ledger: a period, and a table to take away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from dovolen.desk.core import sheets, words
from dovolen.desk.money.actions.exports import LONGEST_REASON
from dovolen.desk.money.queries import Period
from dovolen.desk.shell.forms import DayField, WordedForm

LONGEST_PERIOD = timedelta(days=366)
FIRST_YEAR = 2000


class PeriodForm(WordedForm):
    """From which day to which."""

    words = "ledger.field"

    since = DayField(required=False)
    until = DayField(required=False)

    def clean(self) -> dict[str, Any]:
        """The first day comes first, and there is no more than a year between them."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", words.say("ledger.refused.turned_round"))
        elif since and until and until - since > LONGEST_PERIOD:
            self.add_error("until", words.say("ledger.refused.too_long"))
        elif any(day and not FIRST_YEAR <= day.year < FIRST_YEAR + 100 for day in (since, until)):
            self.add_error("since", words.say("shell.field.no_such_year"))
        return cleaned

    def period(self, usual: Period) -> Period:
        """What was asked; the usual period where that makes no sense."""
        if not self.is_valid():
            return usual
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return Period(since or min(usual.since, until or usual.since), until or max(usual.until, since or usual.until))


def shortcuts(today: date) -> list[tuple[str, Period]]:
    """Periods that are asked for every day, by the name of their words."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return [
        ("today", Period(today, today)), ("week", Period(today - timedelta(days=6), today)),
        ("month", Period(month, today)), ("last_month", Period(before.replace(day=1), before)),
        ("year", Period(today.replace(month=1, day=1), today)),
    ]  # fmt: skip


class ExportForm(WordedForm):
    """As what a table is taken away, and why where it is of many clients."""

    words = "ledger.export"

    form = forms.ChoiceField()
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, is_of_many: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        self.is_of_many = is_of_many
        self.offer("form", [(form, words.current().name("ledger.export.as", form)) for form in sheets.FORMATS])
        if not is_of_many:
            self.fields["reason"].widget = forms.HiddenInput()
