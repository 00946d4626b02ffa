"""The form of the intake: one for whoever came, whatever he brought. Nothing that was typed is lost by a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.identifiers import serial_key
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.core import words
from dovolen.desk.orders import brands
from dovolen.desk.orders.models import PAY_TYPES, PLACES
from dovolen.desk.orders.queries import intake as queries
from dovolen.desk.people import phones, requisites
from dovolen.desk.people.models import PURPOSES, Customer
from dovolen.desk.shell.forms import MomentField, MoneyField, WordedForm

NEW, ELSEWHERE, OTHER = "new", "elsewhere", "other"
RIGHT = "take in"
MOST_ROWS, MOST_PHOTOS = 60, 20
LINE_KINDS = ("labour", "part", "fee")


@dataclass(frozen=True)
class Row:
    """A line of the estimate as it stands in the form."""

    name: str
    price: str
    kind: str = "labour"
    source: str = ""
    """Key of the template's line it came from."""
    problem: str = ""
    minor: int | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was typed."""
        return not (self.name or self.price)

    @property
    def is_of_template(self) -> bool:
        """Whether it came from a template."""
        return self.source.isdecimal() and len(self.source) < 18


class IntakeForm(WordedForm):
    """Who came, what he brought, what is wrong, what it costs, when it is ready, what he agrees to.

    `source` is what was sent, also where the form is only drawn again: groups of fields are read from it.
    """

    words = "intake.field"
    has_hints = False

    q = forms.CharField(max_length=80, required=False)
    name = forms.CharField(max_length=200, required=False)
    phone = forms.CharField(max_length=40, required=False)
    is_company = forms.BooleanField(required=False)
    tax_number = forms.CharField(max_length=20, required=False)
    contact = forms.CharField(max_length=80, required=False)
    category = forms.CharField(max_length=20, required=False)
    model = forms.CharField(max_length=120, required=False)
    serial_number = forms.CharField(max_length=40, required=False)
    plate = forms.CharField(max_length=15, required=False)
    odometer = forms.IntegerField(min_value=0, max_value=9_999_999, required=False)
    password = forms.CharField(max_length=200, required=False, strip=False)
    condition = forms.CharField(max_length=1000, required=False)
    accessories = forms.CharField(max_length=300, required=False)
    fault_text = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    term_at = MomentField(required=False)
    shelf = forms.CharField(max_length=40, required=False)
    pay_type = forms.ChoiceField(required=False)
    place = forms.ChoiceField(required=False)

    def __init__(self, data: Any = None, *, source: QueryDict, person: Staff, now: datetime, **values: Any) -> None:
        self.source, self.person, self.now = source, person, now
        super().__init__(data, **values)
        for name, codes in (("pay_type", PAY_TYPES), ("place", PLACES)):
            self.offer(name, [(code, words.say(f"intake.{name}.{code}")) for code in codes])
        self.fields["fault_text"].widget.attrs["placeholder"] = words.say("intake.fault_ask")
        for name, field in self.fields.items():
            field.widget.attrs |= {"autocomplete": "off", "class": CLASSES.get(name, "form-control")}

    @classmethod
    def drawn(cls, source: QueryDict, *, person: Staff, now: datetime) -> IntakeForm:
        """The form with what was typed so far, not judged."""
        return cls(source=source, person=person, now=now, initial=source.dict())

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return str(self.source.get(name, "")).replace("\0", "").strip()

    # ── Who and where ────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def centres(self) -> list[Centre]:
        """Where he may take in."""
        places = {place.centre_id: place.centre for place in self.person.places}
        return [centre for centre in places.values() if self.person.may(RIGHT, centre)]

    @property
    def centre(self) -> Centre:
        """Where it is taken in."""
        return next((one for one in self.centres if str(one.pk) == self.typed("centre")), self.centres[0])

    @property
    def is_new(self) -> bool:
        """Whether somebody is entered who was never here."""
        return self.typed("customer") == NEW

    @cached_property
    def known(self) -> Customer | None:
        """The client that was chosen, where he is one of those that may be seen."""
        return queries.customer(self.typed("customer"), self.person)

    @cached_property
    def elsewhere(self) -> Customer | None:
        """The client of another centre who was chosen: known by the whole number alone."""
        if self.typed("customer") != ELSEWHERE:
            return None
        return queries.elsewhere(phones.normal(self.typed("q")) or "", self.person)

    @property
    def is_chosen(self) -> bool:
        """Whether it is clear who came."""
        return self.is_new or bool(self.known) or bool(self.elsewhere)

    # ── What he brought ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def devices(self) -> list[Asset]:
        """What he has, with the device that was found itself."""
        return queries.devices(self.known, self.typed("asset"), self.person)

    @cached_property
    def asset(self) -> Asset | None:
        """The device that was chosen; the only one of a client unless another is entered."""
        chosen = self.typed("asset")
        if chosen == NEW:
            return None
        if not chosen and len(self.devices) == 1 and not self.typed("model"):
            return self.devices[0]
        return next((one for one in self.devices if str(one.pk) == chosen), None)

    @property
    def is_new_asset(self) -> bool:
        """Whether its fields are typed: chosen so, or there is nothing to choose from."""
        return self.asset is None and (self.typed("asset") == NEW or not self.devices)

    @cached_property
    def kind(self) -> Category | None:
        """Of the chosen device, or as chosen for a new one."""
        if self.asset:
            return self.asset.category
        return next((one for one in self.categories if str(one.pk) == self.typed("category")), None)

    @cached_property
    def categories(self) -> list[Category]:
        """What is taken in."""
        return queries.categories()

    # ── What is to be done ───────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def rows(self) -> list[Row]:
        """Lines of the estimate as typed, without blank ones."""
        names, prices, kinds, sources = (self.source.getlist(f"line_{part}") for part in ROW)
        kinds += ["labour"] * len(names)
        sources += [""] * len(names)
        made = [
            self._row(name.strip(), price.strip(), kind, source)
            for name, price, kind, source in zip(names, prices, kinds, sources, strict=False)
        ]
        return [row for row in made if not row.is_blank][:MOST_ROWS]

    def _row(self, name: str, price: str, kind: str, source: str) -> Row:
        kind = kind if kind in LINE_KINDS else "labour"
        try:
            minor = MoneyField(currency=self.centre.currency, required=False).clean(price) or 0
        except ValidationError as error:
            return Row(name, price, kind, source, problem=str(error.messages[0]))
        problem = "" if 0 < len(name) <= 200 else words.say("intake.problem.line_name")
        return Row(name, price, kind, source, problem, minor)

    @property
    def total(self) -> int:
        """Sum of the estimate, minor units."""
        return sum(row.minor or 0 for row in self.rows)

    def numbers(self, name: str) -> list[int]:
        """Keys that were sent under a name, each once."""
        return list(
            dict.fromkeys(int(text) for text in self.source.getlist(name) if text.isdecimal() and len(text) < 18)
        )

    # ── Is it whole ──────────────────────────────────────────────────────────────────────────────────────────────────

    def clean(self) -> dict[str, Any]:
        """Everything that an order needs, each lack told at its place."""
        cleaned = super().clean() or self.cleaned_data
        self._check_client()
        self._check_device()
        cleaned["fault_text"] = cleaned.get("fault_text", "").replace("\r\n", "\n")
        if not cleaned["fault_text"] and "fault_text" not in self.errors:
            self._lacks("fault_text")
        if any(row.problem for row in self.rows):
            self.add_error(None, words.say("intake.problem.lines"))
        cleaned["promised_at"] = self._promise(cleaned)
        for name, is_asked in self._asked_of_kind().items():
            if not is_asked:
                self.errors.pop(name, None)
                cleaned[name] = self.fields[name].clean("")
        return cleaned

    def _asked_of_kind(self) -> dict[str, bool]:
        """Fields that some kinds of device have: what is not asked is neither judged nor kept."""
        kind = self.kind
        return {
            "odometer": bool(kind and kind.uses_odometer), "password": bool(kind and kind.uses_password),
            "plate": bool(kind and kind.uses_plate),
        }  # fmt: skip

    def _lacks(self, field: str, key: str = "") -> None:
        self.add_error(field, words.say(f"intake.problem.{key or field}"))

    def _check_client(self) -> None:
        if not self.is_chosen:
            self._lacks("q")
        if not self.is_new:
            return
        if not self.typed("name"):
            self._lacks("name")
        if self.typed("phone") and phones.normal(self.typed("phone")) is None:
            self._lacks("phone")
        told = requisites.compact(self.typed("tax_number")) if self.typed("is_company") else ""
        if told and not requisites.is_tax_number(told):
            self._lacks("tax_number")

    def _check_device(self) -> None:
        if self.asset:
            return
        if not self.is_new_asset:
            self._lacks("model", "asset")
            return
        if self.kind is None:
            self._lacks("category")
        if not self.typed("model"):
            self._lacks("model")
        if (told := self.typed("serial_number")) and not serial_key(told):
            self._lacks("serial_number")

    def _promise(self, cleaned: dict[str, Any]) -> datetime | None:
        """The moment that was promised: one of those offered, or one's own."""
        if self.typed("term") == OTHER:
            chosen, field = cleaned.get("term_at"), "term_at"
        else:
            chosen, field = moment(self.typed("term")), "term_at"
        if field in self.errors:
            return None
        if chosen is None:
            self._lacks(field)
        elif chosen <= self.now:
            self._lacks(field, "term_past")
        return chosen

    # ── What the action is told ──────────────────────────────────────────────────────────────────────────────────────

    def consents(self) -> list[str]:
        """Purposes that were ticked."""
        return [purpose for purpose in PURPOSES if self.source.get(f"consent_{purpose}")]

    def model_and_brand(self) -> dict[str, str]:
        """Of a new device, from the one field in which both are typed."""
        brand, model = brands.split(self.typed("model"))
        return {"brand": brand, "model": model}


ROW = ("name", "price", "kind", "source")
CLASSES = {
    "is_company": "", "pay_type": "form-select", "place": "form-select", "serial_number": "form-control mono",
    "plate": "form-control mono", "password": "form-control secret",
}  # fmt: skip


def moment(text: str) -> datetime | None:
    """A moment as the page carries it; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
