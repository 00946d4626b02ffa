"""Forms of legal entities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from dovolen.desk.core import words
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.money.taxes import RATES, REGIMES, TAX_CODES, Rate, rates_on
from dovolen.desk.people.checked_requisites import ChecksRequisites
from dovolen.desk.shell.forms import VersionedForm

USUAL_REGIME = "usn"


class EntityFields(ChecksRequisites):
    """Who sells: what papers say of him, each number judged by its control digits."""

    words = "sellers.field"

    name = forms.CharField(max_length=80)
    legal_name = forms.CharField(max_length=300)
    tax_number = forms.CharField(max_length=20, required=False)
    kpp = forms.CharField(max_length=14, required=False)
    ogrn = forms.CharField(max_length=20, required=False)
    legal_address = forms.CharField(max_length=300, required=False)
    phone = forms.CharField(max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    bank_name = forms.CharField(max_length=200, required=False)
    bik = forms.CharField(max_length=14, required=False)
    account = forms.CharField(max_length=30, required=False)
    corr_account = forms.CharField(max_length=30, required=False)
    head_post = forms.CharField(max_length=80, required=False)
    head_name = forms.CharField(max_length=120, required=False)
    accountant_name = forms.CharField(max_length=120, required=False)
    regime = forms.ChoiceField(initial=USUAL_REGIME)
    tax_code = forms.ChoiceField()

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today
        name = words.current().name
        self.offer("regime", [(regime, name("ledger.regime", regime)) for regime in REGIMES])
        holding = {code for regime in REGIMES for code in rates_on(today, regime)} | {self.initial.get("tax_code")}
        self.offer("tax_code", [(code, name("ledger.tax", code)) for code in TAX_CODES if code in holding])

    def facts(self) -> dict[str, str]:
        """As the action takes them."""
        return {name: self.cleaned_data[name] for name in EntityFields.base_fields}


class NewEntityForm(EntityFields):
    """A further company or entrepreneur."""


class EntityForm(EntityFields, VersionedForm):
    """One that several people may change."""

    @staticmethod
    def of(entity: LegalEntity) -> dict[str, Any]:
        """What the form shows of it at first."""
        return {name: getattr(entity, name) for name in (*EntityFields.base_fields, "version")}


@dataclass(frozen=True)
class RateTold:
    """A rate with its law and dates, and who may write it."""

    name: str
    rate: Rate
    regimes: list[str]


def rates() -> list[RateTold]:
    """Every rate, for a page that shows where it comes from."""
    name = words.current().name
    whose = {code: [name("ledger.regime", one) for one, held in REGIMES.items() if code in held] for code in RATES}
    return [RateTold(name("ledger.tax", code), rate, whose[code]) for code, rate in RATES.items()]
