"""Forms of clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import words
from dovolen.desk.people import phones
from dovolen.desk.people.checked_requisites import ChecksRequisites
from dovolen.desk.people.models import (
    ADVERTISING,
    CHANNELS,
    KINDS,
    PHONE_RELATIONS,
    PROOFS,
    PURPOSES,
    RELATIONS,
    Customer,
)
from dovolen.desk.people.queries import LONGEST_KEY, ORDERS, STATES, Filters
from dovolen.desk.shell.forms import DayField, VersionedForm, WordedForm

FACTS_OF_PERSON = ("address", "birthday", "source")
REQUISITES = (
    "legal_name", "tax_number", "kpp", "ogrn", "legal_address", "phone", "bank_name", "bik", "account",
    "corr_account", "consignee", "consignee_address", "head_name", "accountant_name",
)  # fmt: skip
BY_HAND = tuple(proof for proof in PROOFS if proof in ("paper", "in_person", "call"))
"""How a consent reaches the desk when somebody types it in."""
NUMBER = "К-"


class PeopleForm(WordedForm):
    """A form with the words of clients."""

    words = "people.field"


def named(family: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their words."""
    return [(code, words.say(f"people.{family}.{code}")) for code in codes]


class Chosen(forms.ChoiceField):
    """A choice among codes whose words are `people.<family>.<code>`, told when the form is shown."""

    def __init__(self, family: str, codes: Iterable[str], **values: Any) -> None:
        self.family, self.codes = family, tuple(codes)
        super().__init__(choices=lambda: named(self.family, self.codes), **values)


class FilterForm(PeopleForm):
    """What the list of clients shows."""

    q = forms.CharField(max_length=80, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = Chosen("kind", ("", *KINDS), required=False)
    state = Chosen("state", STATES, required=False)
    order = Chosen("order", ORDERS, required=False)

    def filters(self) -> Filters:
        """What was asked; what makes no sense is left out."""
        told = self.cleaned_data if self.is_valid() else {}
        return Filters(
            text=told.get("q") or "", kind=told.get("kind") or "", state=told.get("state") or "",
            order=told.get("order") or ORDERS[0],
        )  # fmt: skip


class NewForm(PeopleForm):
    """What is told of anybody new: where he is entered, how he is called, how he is reached."""

    name = forms.CharField(max_length=200)
    phone = forms.CharField(max_length=phones.LONGEST, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(max_length=254, required=False)
    source = forms.CharField(max_length=60, required=False)
    centre = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])
        if len(centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()
            self.initial.setdefault("centre", centres[0].pk)

    def clean_phone(self) -> str:
        """A number, where something was typed."""
        return checked_phone(self.cleaned_data["phone"])


def checked_phone(text: str) -> str:
    """A number as it is kept, or nothing. Raises: ValidationError for what is none."""
    if not text:
        return ""
    if (number := phones.normal(text)) is None:
        raise ValidationError(words.say("people.refused.bad_phone"), code="invalid")
    return number


class NewPersonForm(NewForm):
    """A person."""

    relation = Chosen("phone_relation", PHONE_RELATIONS, required=False)
    address = forms.CharField(max_length=300, required=False)
    birthday = DayField(required=False)

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        facts = {name: data[name] for name in (*FACTS_OF_PERSON, "name", "phone", "email")}
        return facts | {"relation": data["relation"] or PHONE_RELATIONS[0]}


class RequisitesForm(ChecksRequisites, PeopleForm):
    """What papers say of a company, each number judged by its control digits."""

    legal_name = forms.CharField(max_length=300, required=False)
    tax_number = forms.CharField(max_length=20, required=False)
    kpp = forms.CharField(max_length=14, required=False)
    ogrn = forms.CharField(max_length=20, required=False)
    legal_address = forms.CharField(max_length=300, required=False)
    phone = forms.CharField(max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    bank_name = forms.CharField(max_length=200, required=False)
    bik = forms.CharField(max_length=14, required=False)
    account = forms.CharField(max_length=30, required=False)
    corr_account = forms.CharField(max_length=30, required=False)
    consignee = forms.CharField(max_length=300, required=False)
    consignee_address = forms.CharField(max_length=300, required=False)
    head_name = forms.CharField(max_length=120, required=False)
    accountant_name = forms.CharField(max_length=120, required=False)

    def values(self) -> dict[str, str]:
        """As the action takes them."""
        return {name: self.cleaned_data[name] for name in REQUISITES}


class NewCompanyForm(RequisitesForm, NewForm):
    """A company with its requisites and who answers at its phone."""

    contact = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["name"].label = words.say("people.field.company_name")
        self.fields["name"].help_text = words.say("people.field.company_name_hint")

    def values(self) -> dict[str, str]:
        """Requisites; the company's own phone is not that of its papers."""
        return super().values() | {"phone": ""}

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        told = {name: self.cleaned_data[name] for name in ("name", "phone", "email", "source", "contact")}
        return told | {"requisites": self.values()}


class DetailsForm(PeopleForm, VersionedForm):
    """What is known of a client beside his numbers."""

    name = forms.CharField(max_length=200)
    kind = Chosen("kind", KINDS)
    address = forms.CharField(max_length=300, required=False)
    birthday = DayField(required=False)
    source = forms.CharField(max_length=60, required=False)
    referred_by = forms.CharField(max_length=20, required=False)
    manager = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    regular_mark = forms.BooleanField(required=False)
    image_value = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    potential = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, managers: list[Staff], seen_by: Staff, customer: Customer, **values: Any) -> None:
        self.seen_by, self.customer, self.managers = seen_by, customer, managers
        super().__init__(*args, **values)
        nobody = ("", words.say("people.nobody"))
        self.offer("manager", [nobody, *((one.pk, one.name) for one in managers)])
        for name in ("image_value", "potential"):
            self.offer(name, [("", words.say("people.unknown")), *((n, str(n)) for n in range(1, 6))])

    def clean_referred_by(self) -> Customer | None:
        """The client of a number: another one, and one whom he sees."""
        return referred(self.cleaned_data["referred_by"], self.seen_by, self.customer)

    def values(self) -> dict[str, Any]:
        """As the action takes them: rows by their keys."""
        told = super().values()
        return told | {"manager": next((one for one in self.managers if one.pk == told["manager"]), None)}

    @staticmethod
    def of(customer: Customer) -> dict[str, Any]:
        """What the form shows at first."""
        names = ("name", "kind", "address", "birthday", "source", "regular_mark", "image_value", "potential", "version")
        told = {name: getattr(customer, name) for name in names}
        number = f"{NUMBER}{customer.referred_by_id}" if customer.referred_by_id else ""
        return told | {"manager": customer.manager_id, "referred_by": number}


def referred(text: str, staff: Staff, customer: Customer) -> Customer | None:
    """The client whose number was typed. Raises: ValidationError where he sees none such, or the same."""
    digits = text.strip().upper().removeprefix(NUMBER).removeprefix("K-")
    if not digits:
        return None
    others = Customer.objects.visible_to(staff).exclude(pk=customer.pk)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_KEY
    if (found := others.filter(pk=int(digits)).first() if is_number else None) is None:
        raise ValidationError(words.say("people.problem.referred_by"), code="invalid")
    return found


class PhoneForm(PeopleForm):
    """A further number."""

    number = forms.CharField(max_length=phones.LONGEST, widget=forms.TextInput(attrs={"type": "tel"}))
    relation = Chosen("phone_relation", PHONE_RELATIONS)
    phone_note = forms.CharField(max_length=80, required=False)

    def clean_number(self) -> str:
        """As it is kept."""
        return checked_phone(self.cleaned_data["number"])


class PhoneChangeForm(PeopleForm):
    """Whose a number is."""

    relation = Chosen("phone_relation", PHONE_RELATIONS)
    phone_note = forms.CharField(max_length=80, required=False)


class EmailForm(PeopleForm):
    """A further address."""

    address = forms.EmailField(max_length=254)


class ConsentForm(PeopleForm):
    """A client's word on a purpose, as he gave it."""

    purpose = Chosen("purpose", PURPOSES)
    channel = Chosen("channel", CHANNELS, required=False)
    is_given = Chosen("given", ("yes", "no"))
    proof = Chosen("proof", BY_HAND)
    consent_note = forms.CharField(max_length=200, required=False)

    def facts(self) -> dict[str, Any]:
        """As the action takes them; only advertising is told apart by channel."""
        data = self.cleaned_data
        channel = data["channel"] if data["purpose"] == ADVERTISING and data["channel"] else CHANNELS[0]
        return {
            "purpose": data["purpose"], "channel": channel, "is_given": data["is_given"] == "yes",
            "proof": data["proof"], "note": data["consent_note"],
        }  # fmt: skip


class NoteForm(PeopleForm):
    """A note."""

    text = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    is_pinned = forms.BooleanField(required=False)


class RelationForm(PeopleForm):
    """What another client is to this one."""

    kind = Chosen("relation", RELATIONS)
    relation_note = forms.CharField(max_length=80, required=False)


class BlockForm(PeopleForm):
    """Why."""

    reason = forms.CharField(max_length=200)
