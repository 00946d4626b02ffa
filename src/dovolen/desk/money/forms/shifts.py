"""Forms of the drawer: opened and closed by a count, money put in and taken out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dovolen.desk.core import words
from dovolen.desk.money.models import PUT_IN, TAKEN_OUT
from dovolen.desk.shell.forms import MoneyField, WordedForm

NOTES: dict[str, tuple[int, ...]] = {
    "RUB": (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 1_000, 500, 200, 100, 50, 10),
    "KZT": (2_000_000, 1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500),
    "BYN": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
}
"""Notes and coins of a currency, minor units, the largest first."""
MOST_PIECES = 100_000


class OpeningForm(WordedForm):
    """What was counted when the drawer is opened."""

    words = "cash.field"
    opening = MoneyField()


class MoveForm(WordedForm):
    """Money put in or taken out other than by clients."""

    words = "cash.field"
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    amount = MoneyField()
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, currency: str, **values: Any) -> None:
        super().__init__(*args, **values)
        name = words.current().name
        self.offer("kind", [(kind, name("cash.move", kind)) for kind in (TAKEN_OUT, PUT_IN)])
        self.count_in(currency)


class ClosingForm(WordedForm):
    """What was counted when the drawer is closed: in one sum, or note by note."""

    words = "cash.field"
    counted = MoneyField(required=False)
    note = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, currency: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.count_in(currency)
        self.currency = currency
        self.notes = NOTES.get(currency, ())
        for note in self.notes:
            self.fields[f"n_{note}"] = forms.IntegerField(
                required=False, min_value=0, max_value=MOST_PIECES, label=words.money(note, currency),
                widget=forms.NumberInput(attrs={"data-worth": note, "inputmode": "numeric", "class": "form-control"}),
            )  # fmt: skip

    def pieces(self) -> list[forms.BoundField]:
        """Fields of notes and coins."""
        return [self[f"n_{note}"] for note in self.notes]

    def clean(self) -> dict[str, Any]:
        """A sum, or the sum of what was counted piece by piece; both have to be one."""
        cleaned = super().clean() or self.cleaned_data
        counts = [(note, cleaned.get(f"n_{note}")) for note in self.notes]
        by_piece = sum(note * n for note, n in counts if n) if any(n is not None for _, n in counts) else None
        told = cleaned.get("counted")
        if told is None and by_piece is None:
            self.add_error("counted", words.say("core.refused.no_text"))
        elif told is not None and by_piece is not None and told != by_piece:
            raise ValidationError(words.say("cash.two_sums", sum=words.money(by_piece, self.currency)))
        cleaned["counted"] = by_piece if told is None else told
        return cleaned
