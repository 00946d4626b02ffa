"""Forms of complaints and answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import words
from dovolen.desk.feedback.limits import CLAIMS
from dovolen.desk.feedback.models import (
    ANSWER_KINDS,
    CATEGORIES,
    CHANNELS,
    KINDS,
    OUTCOMES,
    REPLY_CHANNELS,
    SCALES,
    TOLD_HOW,
)
from dovolen.desk.feedback.queries.cases import VIEWS, CaseFilter
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.spoken_of import named
from dovolen.desk.shell.forms import MomentField, VersionedForm, WordedForm

LONGEST_TEXT = 4000


def _named(family: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their words."""
    return [(code, words.current().name(family, code)) for code in codes]


def _long(rows: int) -> forms.CharField:
    return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}))


class ToldForm(WordedForm):
    """Something a client said, about which order of his, when; without an order, to which centre he said it."""

    at = MomentField()
    order = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    centre = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(
        self, *args: Any, centres: Sequence[Centre], orders: Sequence[RepairOrder] = (), **values: Any
    ) -> None:
        values.setdefault("auto_id", "told_%s")  # the page below has texts of its own
        super().__init__(*args, **values)
        self.centres = {centre.pk: centre for centre in centres}
        self.orders = {order.pk: order for order in orders if order.centre_id in self.centres}
        self.offer("order", [("", words.say("contacts.no_order")), *((k, named(o)) for k, o in self.orders.items())])
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])
        self.initial.setdefault("at", timezone.localtime().replace(second=0, microsecond=0))
        if not self.orders:
            del self.fields["order"]
        if len(self.centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()
            self.initial.setdefault("centre", centres[0].pk)

    def place(self) -> dict[str, Any]:
        """Order and centre: an order is where it was done, whatever stands beside it."""
        data = self.cleaned_data
        order = self.orders.get(data.get("order") or 0)
        centre = order.centre if order else self.centres.get(data["centre"] or 0) or next(iter(self.centres.values()))
        return {"order": order, "centre": centre}


class CaseForm(ToldForm):
    """What a client came with, in his words."""

    words = "cases.field"

    text = _long(4)
    kind = forms.ChoiceField()
    category = forms.ChoiceField()
    claim = forms.ChoiceField()
    channel = forms.ChoiceField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, codes in {"kind": KINDS, "category": CATEGORIES, "claim": CLAIMS, "channel": CHANNELS}.items():
            self.offer(name, _named(f"cases.{name}", codes))

    def facts(self) -> dict[str, Any]:
        """As a case keeps them."""
        data = self.cleaned_data
        return {name: data[name] for name in ("text", "kind", "category", "claim", "channel", "at")} | self.place()


class AnswerForm(ToldForm):
    """How a client scored the service, and what he said besides."""

    words = "answers.field"

    kind = forms.ChoiceField()
    score = forms.IntegerField(min_value=0, max_value=10)
    text = forms.CharField(max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    told_how = forms.ChoiceField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        said = words.current()
        named_kinds = [
            (kind, said.say("answers.offer", name=said.name("answers.kind", kind), low=low, high=high))
            for kind, (low, high) in SCALES.items()
        ]
        self.offer("kind", named_kinds)
        self.offer("told_how", _named("answers.told_how", TOLD_HOW))

    def facts(self) -> dict[str, Any]:
        """As an answer keeps them."""
        data = self.cleaned_data
        return {name: data[name] for name in ("kind", "score", "text", "told_how", "at")} | self.place()


class AnswerFilterForm(WordedForm):
    """Which answers the list shows."""

    words = "cases.filter"
    use_required_attribute = False

    kind = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("kind", [("", words.say("cases.filter.any")), *_named("answers.kind", ANSWER_KINDS)])

    def chosen(self) -> str:
        """The kind that was asked for; what makes no sense is left out."""
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""


class ReplyForm(WordedForm):
    """What the client was told and offered, and how."""

    words = "cases.field"

    reply = _long(3)
    reply_by = forms.ChoiceField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("reply_by", _named("cases.channel", REPLY_CHANNELS))


class ResolutionForm(VersionedForm):
    """How a case ended."""

    words = "cases.field"

    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    resolution = _long(3)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("outcome", _named("cases.outcome", OUTCOMES))


class CaseFilterForm(WordedForm):
    """Which cases the list shows."""

    words = "cases.filter"
    use_required_attribute = False

    kind = forms.ChoiceField(required=False)
    category = forms.ChoiceField(required=False)
    whose = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, codes in {"kind": KINDS, "category": CATEGORIES}.items():
            self.offer(name, [("", words.say("cases.filter.any")), *_named(f"cases.{name}", codes)])
        self.offer("whose", [("", words.say("cases.filter.all")), ("mine", words.say("cases.filter.mine"))])

    def filter(self, view: str) -> CaseFilter:
        """What was asked; what makes no sense is left out."""
        told = self.cleaned_data if self.is_valid() else {}
        return CaseFilter(
            view=view if view in VIEWS else VIEWS[0], kind=told.get("kind", ""), category=told.get("category", ""),
            mine=told.get("whose") == "mine",
        )  # fmt: skip
