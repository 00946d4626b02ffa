"""Forms of contacts and of the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import words
from dovolen.desk.messaging.models import IN, OUT
from dovolen.desk.messaging.queries import PURPOSES
from dovolen.desk.shell.forms import DayField, MomentField, VersionedForm, WordedForm

LONGEST_TEXT = 4000
NOTED = ("call", "visit", "meeting", "messenger")
"""What is noted by hand: messages and letters note themselves."""
NO_MESSAGE = "none"


def named(family: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their words."""
    return [(code, words.current().name(family, code)) for code in codes]


class ContactForm(WordedForm):
    """What was said, with whom it began, how long it took; `orders` are those it may have been about."""

    words = "contacts.field"

    channel = forms.ChoiceField()
    direction = forms.ChoiceField()
    text = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    purpose = forms.ChoiceField(required=False)
    minutes = forms.IntegerField(required=False, min_value=0, max_value=24 * 60)
    at = MomentField()
    order = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    centre = forms.TypedChoiceField(coerce=int)

    def __init__(
        self, *args: Any, centres: Sequence[Centre], orders: Sequence[tuple[int, str]] = (), **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.centres = {centre.pk: centre for centre in centres}
        self.offer("channel", named("contacts.channel", NOTED))
        self.offer("direction", named("contacts.direction", (OUT, IN)))
        self.offer("purpose", [("", words.say("contacts.purpose.")), *named("contacts.purpose", PURPOSES)])
        self.offer("order", [("", words.say("contacts.no_order")), *orders])
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])
        self.initial.setdefault("at", timezone.localtime().replace(second=0, microsecond=0))
        if not orders:
            del self.fields["order"]
        if len(self.centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()
            self.initial.setdefault("centre", centres[0].pk)

    def facts(self) -> dict[str, Any]:
        """As a contact keeps them."""
        data = self.cleaned_data
        kept = ("channel", "direction", "text", "purpose", "minutes", "at")
        order, centre = data.get("order"), self.centres[data["centre"]]
        return {**{name: data[name] for name in kept}, "order_number": order, "centre": centre}


class ReportForm(VersionedForm):
    """What was agreed on, who does it and by when; how the client gets it."""

    words = "contacts.field"

    agreed = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    agreed_who = forms.CharField(max_length=120, required=False)
    agreed_until = DayField(required=False)
    sent_by = forms.ChoiceField()

    def __init__(self, *args: Any, channels: Iterable[str], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("sent_by", named("contacts.report_by", (*channels, NO_MESSAGE)))

    def clean_agreed_until(self) -> date | None:
        """A day not long past: what was agreed on lies ahead."""
        day: date | None = self.cleaned_data["agreed_until"]
        if day is not None and not 2000 <= day.year < 2100:
            raise forms.ValidationError(words.say("shell.field.no_such_year"), code="invalid")
        return day


class AnswerForm(WordedForm):
    """An answer to an answer; `is_done`: nothing more is to do."""

    words = "inbox.field"

    subject = forms.CharField(max_length=200, required=False)
    answer = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    is_done = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, has_subject: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        if not has_subject:
            del self.fields["subject"]


class ResultForm(WordedForm):
    """How an answer of a client was met without writing to him."""

    words = "inbox.field"

    result = forms.CharField(max_length=300)


class GiveForm(WordedForm):
    """Which colleague sees to it; nobody in particular where none is chosen."""

    words = "inbox.field"

    assignee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Sequence[Staff], **values: Any) -> None:
        super().__init__(*args, **values)
        self.people = {person.pk: person for person in people}
        self.offer("assignee", [("", words.say("inbox.nobody")), *((one.pk, one.name) for one in people)])

    @property
    def chosen(self) -> Staff | None:
        """Whom."""
        return self.people.get(self.cleaned_data["assignee"])


class TieForm(WordedForm):
    """From whom an answer is; the number is kept as his where that is wished."""

    words = "inbox.field"

    customer = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    keeps_address = forms.BooleanField(required=False)
