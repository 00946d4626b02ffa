"""Forms of the pages of papers."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import words
from dovolen.desk.documents import kinds
from dovolen.desk.documents.models import KINDS
from dovolen.desk.documents.queries import ALL, HOLDING, VOIDED, PaperFilters
from dovolen.desk.shell.forms import DayField, VersionedForm, WordedForm
from dovolen.insight.words import LANGUAGES

FIELD = "papers.field"


class PaperForm(WordedForm):
    """Which paper, or which package, is to be drawn up."""

    words = FIELD

    kind = forms.ChoiceField(required=False)
    package = forms.ChoiceField(required=False, choices=[(name, name) for name in kinds.PACKAGES])
    language = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, fitting: list[str], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer_kinds(fitting)
        self.offer("language", [(code, words.say(f"papers.language.{code}")) for code in LANGUAGES])

    def offer_kinds(self, kinds: list[str]) -> None:
        """Say which papers may be drawn up."""
        self.offer("kind", [(kind, words.say(f"papers.kind.{kind}")) for kind in kinds])


class VoidForm(WordedForm):
    """Why a paper does not hold."""

    words = FIELD

    reason = forms.CharField(max_length=200)


class RegisterForm(WordedForm):
    """What the register is to show."""

    words = FIELD

    text = forms.CharField(required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(required=False)
    centre = forms.ChoiceField(required=False)
    since = DayField(required=False)
    until = DayField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        super().__init__(*args, **values)
        every = ("", words.say("papers.every"))
        self.offer("kind", [every, *((kind, words.say(f"papers.kind.{kind}")) for kind in KINDS)])
        self.offer("centre", [every, *((str(one.pk), one.name) for one in centres)])
        self.offer("state", [(name, words.say(f"papers.state.{name}")) for name in (ALL, HOLDING, VOIDED)])
        if len(centres) < 2:
            del self.fields["centre"]

    @property
    def filters(self) -> PaperFilters:
        """What was asked for; a field that makes no sense asks for nothing."""
        told = self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}
        return PaperFilters(
            text=told.get("text") or "", kind=told.get("kind") or "", since=told.get("since"), until=told.get("until"),
            centre=int(told["centre"]) if told.get("centre") else None, state=told.get("state") or ALL,
        )  # fmt: skip


class SetupForm(VersionedForm):
    """Logo and own words of a centre's papers."""

    words = FIELD

    logo = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    drops_logo = forms.BooleanField(required=False)
    footer = forms.CharField(required=False, max_length=200)
    receipt_terms = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))
    warranty_terms = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, has_logo: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["logo"].show_hidden_initial = False
        self.fields["drops_logo"].show_hidden_initial = False
        if not has_logo:
            del self.fields["drops_logo"]
