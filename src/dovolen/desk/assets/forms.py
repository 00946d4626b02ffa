"""Forms of assets and of their categories."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.assets.actions import FaultLineTold, FieldTold
from dovolen.desk.assets.identifiers import LONGEST_PLATE, LONGEST_SERIAL, problem
from dovolen.desk.assets.models import (
    FIELD_KINDS,
    IDENTIFIERS,
    LEFT_REASONS,
    LINE_KINDS,
    Asset,
    Category,
    CategoryField,
)
from dovolen.desk.assets.queries import fields as fields_of
from dovolen.desk.core import words
from dovolen.desk.core.changes import Difference, Stale
from dovolen.desk.shell.forms import DayField, MoneyField, StretchField, VersionedForm, WordedForm
from dovolen.desk.shell.lists import RowForm

ICONS = (
    "device-laptop", "device-mobile", "device-tablet", "device-desktop", "device-watch", "device-tv", "headphones",
    "camera", "printer", "server", "wash", "fridge", "droplet", "temperature", "bolt", "car", "truck-delivery",
    "engine", "steering-wheel", "tools", "packages",
)  # fmt: skip
LONGEST_WARRANTY, LONGEST_TURNAROUND = 3650, 24 * 90
OWN = "field_"
"""Controls of own fields are called this and the key of the field."""


def coded(family: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Codes with their words."""
    return [(code, words.current().name(family, code)) for code in codes]


# ── Categories ───────────────────────────────────────────────────────────────────────────────────────────────────────


class CategoryForm(WordedForm):
    """What is told of a category."""

    words = "setup.field"

    name = forms.CharField(max_length=60)
    icon = forms.ChoiceField(widget=forms.RadioSelect, initial=ICONS[0])
    identifier = forms.ChoiceField()
    uses_plate = forms.BooleanField(required=False)
    uses_odometer = forms.BooleanField(required=False)
    uses_password = forms.BooleanField(required=False)
    turnaround_hours = forms.IntegerField(min_value=1, max_value=LONGEST_TURNAROUND, initial=48)
    labour_warranty_days = forms.IntegerField(min_value=0, max_value=LONGEST_WARRANTY, initial=90)
    part_warranty_days = forms.IntegerField(min_value=0, max_value=LONGEST_WARRANTY, initial=90)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("identifier", coded("setup.identifier", IDENTIFIERS))
        self.offer("icon", coded("setup.icon", ICONS))

    @staticmethod
    def of(category: Category) -> dict[str, Any]:
        """What the form shows of a category at first."""
        return {name: getattr(category, name) for name in CategoryForm.base_fields}


class CheckRow(RowForm):
    """Something that is looked at."""

    words = "setup.check"
    text = forms.CharField(max_length=80, strip=True)
    is_usual = forms.BooleanField(required=False)


class FieldRow(RowForm):
    """An own field."""

    words = "setup.own"
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=())
    choices = forms.CharField(max_length=600, required=False)
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("kind", coded("setup.kind", FIELD_KINDS))

    def clean(self) -> dict[str, Any]:
        """A choice needs something to choose from."""
        cleaned = super().clean() or self.cleaned_data
        told = tuple(filter(None, (part.strip() for part in cleaned.get("choices", "").split(","))))
        if cleaned.get("kind") == "choice" and not told:
            self.add_error("choices", words.say("setup.own.no_choices"))
        cleaned["choices"] = told if cleaned.get("kind") == "choice" else ()
        return cleaned

    def told(self) -> FieldTold:
        """As the action takes it."""
        data = self.cleaned_data
        return FieldTold(data["key"], data["name"], data["kind"], data["choices"])

    @staticmethod
    def of(field: CategoryField) -> dict[str, Any]:
        """What the row shows of a field at first."""
        return {"name": field.name, "kind": field.kind, "choices": ", ".join(field.choices), "key": field.pk}


class FaultForm(WordedForm):
    """A fault met every day."""

    words = "setup.fault"
    title = forms.CharField(max_length=80)
    text = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class FaultLineRow(RowForm):
    """A line that usually mends a fault."""

    words = "setup.line"
    name = forms.CharField(max_length=120)
    kind = forms.ChoiceField(choices=())
    price = MoneyField()
    cost = MoneyField(required=False)
    norm = StretchField(required=False)

    def __init__(self, *args: Any, currency: str = "RUB", **values: Any) -> None:
        super().__init__(*args, **values)
        self.count_in(currency)
        self.offer("kind", coded("orders.line_kind", LINE_KINDS))

    def told(self) -> FaultLineTold:
        """As the action takes it."""
        data = self.cleaned_data
        return FaultLineTold(data["kind"], data["name"], data["price"], data["cost"], data["norm"] or 0)

    @staticmethod
    def of(line: Any) -> dict[str, Any]:
        """What the row shows of a line at first."""
        norm = line.norm_minutes or None
        return {"name": line.name, "kind": line.kind, "price": line.price, "cost": line.cost, "norm": norm}


# ── Assets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def own_controls(category: Category) -> dict[str, forms.Field]:
    """A control for each own field of a category, by the name `field_<key>`."""
    return {f"{OWN}{field.pk}": _control(field) for field in fields_of(category)}


def _control(field: CategoryField) -> forms.Field:
    told: dict[str, Any] = {"label": field.name, "required": False}
    if field.kind == "flag":
        return forms.BooleanField(**told)
    if field.kind == "number":
        return forms.DecimalField(max_digits=12, decimal_places=3, **told)
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in field.choices)], **told)
    return forms.CharField(max_length=200, **told)


def own_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was typed into controls of own fields, as `Asset.fields` keeps it: nothing empty."""
    told = {name.removeprefix(OWN): value for name, value in cleaned.items() if name.startswith(OWN)}
    return {key: _plain(value) for key, value in told.items() if value not in (None, "", False)}


def _plain(value: Any) -> Any:
    """A value that JSON holds: a number without its trailing noughts."""
    return value if isinstance(value, bool | str) else f"{value.normalize():f}"


class AssetForm(VersionedForm):
    """What is told of an asset; a number that looks wrong is kept once it was confirmed."""

    words = "assets.field"

    category = forms.ModelChoiceField(queryset=Category.objects.none(), empty_label=None)
    brand = forms.CharField(max_length=60, required=False)
    model = forms.CharField(max_length=120)
    serial_number = forms.CharField(max_length=LONGEST_SERIAL, required=False)
    as_it_is = forms.BooleanField(required=False)
    plate = forms.CharField(max_length=LONGEST_PLATE, required=False)
    colour = forms.CharField(max_length=30, required=False)
    odometer = forms.IntegerField(min_value=0, max_value=9_999_999, required=False)
    made_on = DayField(required=False)
    sold_on = DayField(required=False)
    warranty_until = DayField(required=False)

    def __init__(self, *args: Any, asset: Asset, **values: Any) -> None:
        self.asset = asset
        super().__init__(*args, initial=self.of(asset), **values)
        self.own = own_controls(asset.category)
        self.fields.update(self.own)
        category: Any = self.fields["category"]
        category.queryset = Category.objects.order_by("-is_active", "position", "name", "pk")
        self.fields["serial_number"].label = words.current().name("assets.identifier", asset.category.identifier)

    @staticmethod
    def of(asset: Asset) -> dict[str, Any]:
        """What the form shows of an asset at first."""
        told = {name: getattr(asset, name) for name in AssetForm.base_fields if name not in ("as_it_is", "category")}
        return told | {"category": asset.category_id} | {f"{OWN}{key}": value for key, value in asset.fields.items()}

    def own_fields(self) -> list[forms.BoundField]:
        """Controls of own fields."""
        return [self[name] for name in self.own]

    def refuse(self, refusal: Exception, field: str | None = None) -> None:
        """Own fields that two people wrote differently stand each for itself."""
        if isinstance(refusal, Stale):
            refusal = Stale(refusal.version, [part for one in refusal.differences for part in _apart(one)])
        super().refuse(refusal, field)

    @property
    def needs_confirming(self) -> bool:
        """Whether the number looks wrong and may be kept as it is."""
        return "serial_number" in self.errors or bool(self.data.get("as_it_is"))

    def clean(self) -> dict[str, Any]:
        """The number is looked at as its category has it."""
        cleaned = super().clean() or self.cleaned_data
        category, number = cleaned.get("category"), cleaned.get("serial_number", "")
        wrong = problem(category.identifier, number) if category else None
        if wrong and not cleaned.get("as_it_is") and number != self.asset.serial_number:
            self.add_error("serial_number", words.say(wrong))
        return cleaned

    def told(self) -> dict[str, Any]:
        """As the action takes it: own fields stay only where the category stays."""
        data = {name: value for name, value in self.values().items() if not name.startswith(OWN) and name != "as_it_is"}
        stays = data["category"].pk == self.asset.category_id
        return data | {"fields": own_values(self.cleaned_data) if stays else {}}


def _apart(difference: Difference) -> list[Difference]:
    """A difference of all own fields as one of each that differs; any other as it is."""
    if difference.field != "fields":
        return [difference]
    theirs, mine = difference.theirs, difference.mine
    keys = dict.fromkeys((*theirs, *mine))
    return [
        Difference(f"{OWN}{key}", theirs.get(key), mine.get(key)) for key in keys if theirs.get(key) != mine.get(key)
    ]


class LeftForm(WordedForm):
    """Why the client has it no more."""

    words = "assets.field"
    left_reason = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("left_reason", coded("assets.left_reason", LEFT_REASONS))
