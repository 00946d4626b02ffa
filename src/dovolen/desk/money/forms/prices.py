"""Forms of the price list."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts.models import Centre
from dovolen.desk.assets.models import LINE_KINDS, Category
from dovolen.desk.core import words
from dovolen.desk.money.models import PriceItem
from dovolen.desk.money.queries import PriceFilters
from dovolen.desk.money.taxes import TAX_CODES
from dovolen.desk.shell.forms import MoneyField, StretchField, VersionedForm, WordedForm

LONGEST_WARRANTY = 3650
FOR_ALL = 0
FACTS = ("kind", "name", "category", "centre", "price", "cost", "norm_minutes", "warranty_days", "tax_code")


def kinds() -> list[tuple[str, str]]:
    """Kinds of lines with their words."""
    return [(kind, words.current().name("orders.line_kind", kind)) for kind in LINE_KINDS]


class PriceFilterForm(WordedForm):
    """What the price list shows."""

    words = "prices.filter"

    q = forms.CharField(max_length=80, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(required=False)
    category = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    centre = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, centres: list[Centre], categories: list[Category], **values: Any) -> None:
        super().__init__(*args, **values)
        say = words.current().say
        self.offer("kind", [("", say("prices.any")), *kinds()])
        self.offer("category", _any("prices.any", "prices.for_all", categories))
        self.offer("centre", _any("prices.any", "prices.whole_house", centres))
        self.offer("state", [("", say("prices.state.on")), ("off", say("prices.state.off"))])

    def filters(self) -> PriceFilters:
        """What was asked; what makes no sense is left out."""
        told = self.cleaned_data if self.is_valid() else {}
        return PriceFilters(
            text=told.get("q") or "", kind=told.get("kind") or "", category=told.get("category"),
            centre=told.get("centre"), state=told.get("state") or "",
        )  # fmt: skip


def _any(every: str, none: str, rows: list[Any]) -> list[tuple[Any, str]]:
    say = words.current().say
    return [("", say(every)), (FOR_ALL, say(none)), *((row.pk, row.name) for row in rows)]


class PriceFields(WordedForm):
    """What is told of an item."""

    words = "prices.field"

    kind = forms.ChoiceField()
    name = forms.CharField(max_length=200)
    category = forms.TypedChoiceField(coerce=int)
    centre = forms.TypedChoiceField(coerce=int)
    price = MoneyField()
    cost = MoneyField(required=False)
    norm_minutes = StretchField(required=False)
    warranty_days = forms.IntegerField(min_value=0, max_value=LONGEST_WARRANTY, required=False)
    tax_code = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, centres: list[Centre], categories: list[Category], currency: str, may_see_costs: bool,
        is_for_house: bool, **values: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **values)
        self.count_in(currency)
        if not may_see_costs:
            del self.fields["cost"]
        self.places = {centre.pk: centre for centre in centres}
        self.kinds_of_things = {category.pk: category for category in categories}
        say = words.current().say
        self.offer("kind", kinds())
        self.offer("category", [(FOR_ALL, say("prices.for_all")), *((one.pk, one.name) for one in categories)])
        house = [(FOR_ALL, say("prices.whole_house"))] if is_for_house else []
        self.offer("centre", [*house, *((centre.pk, centre.name) for centre in centres)])
        codes = [(code, words.current().name("ledger.tax", code)) for code in TAX_CODES]
        self.offer("tax_code", [("", say("prices.tax_of_seller")), *codes])

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        told = {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}
        return told | {
            "category": self.kinds_of_things.get(told["category"]), "centre": self.places.get(told["centre"]),
            "norm_minutes": told["norm_minutes"] or 0,
        }  # fmt: skip


class NewPriceForm(PriceFields):
    """A further item."""


class PriceForm(PriceFields, VersionedForm):
    """An item that several people may change."""

    @staticmethod
    def of(item: PriceItem) -> dict[str, Any]:
        """What the form shows of an item at first."""
        shown = {name: getattr(item, name) for name in (*FACTS, "version")}
        return shown | {
            "category": item.category_id or FOR_ALL, "centre": item.centre_id or FOR_ALL,
            "norm_minutes": item.norm_minutes or None,
        }  # fmt: skip
