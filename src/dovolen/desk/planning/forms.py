"""Forms of the calendar."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import words
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.planning import queries
from dovolen.desk.planning.models import KINDS, WORK, Slot
from dovolen.desk.shell.forms import MomentField, VersionedForm, WordedForm

LARGEST_NUMBER = 10**12


class SlotFields(WordedForm):
    """Whose time, from when to when, what for; people, bays and orders are those of one centre."""

    words = "planning.field"

    starts_at = MomentField()
    ends_at = MomentField()
    technician = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    bay = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    order = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    title = forms.CharField(required=False, max_length=120)

    def __init__(self, *args: Any, centre: Centre, person: Staff, slot: Slot | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.centre, self.person = centre, person
        nobody = ("", words.say("planning.nobody"))
        self.people = {one.pk: one for one in accounts.people_at([centre.pk])}
        kept = slot.bay_id if slot else None
        self.bays = {bay.pk: bay for bay in queries.bays_of(centre) if bay.is_active or bay.pk == kept}
        self.offer("technician", [nobody, *((pk, one.name) for pk, one in self.people.items())])
        self.offer("bay", [nobody, *((pk, bay.name) for pk, bay in self.bays.items())])

    def clean_order(self) -> RepairOrder | None:
        """The order of a number that he sees at this centre."""
        number = self.cleaned_data["order"]
        if number is None:
            return None
        seen = RepairOrder.objects.visible_to(self.person).filter(centre=self.centre)
        order = seen.filter(number=number).first()
        if order is None:
            raise forms.ValidationError(words.say("planning.refused.no_such_order"))
        return order

    def facts(self) -> dict[str, Any]:
        """As a slot keeps them."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("starts_at", "ends_at", "order", "title")},
            "technician": self.people.get(data["technician"]), "bay": self.bays.get(data["bay"]),
        }  # fmt: skip


class NewSlotForm(SlotFields):
    """A slot, and of what kind."""

    kind = forms.ChoiceField(initial=WORK)
    field_order = ["kind"]

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("kind", [(kind, words.current().name("planning.kind", kind)) for kind in KINDS])


class SlotForm(SlotFields, VersionedForm):
    """A slot that several people may move."""

    @staticmethod
    def of(slot: Slot) -> dict[str, Any]:
        """What the form shows of a slot at first."""
        return {
            "starts_at": slot.starts_at, "ends_at": slot.ends_at, "technician": slot.technician_id, "bay": slot.bay_id,
            "order": slot.order.number if slot.order else None, "title": slot.title, "version": slot.version,
        }  # fmt: skip


class BayForm(WordedForm):
    """The name of a bay, and whether it is in use."""

    words = "planning.field"

    bay_name = forms.CharField(max_length=40)
    is_active = forms.BooleanField(required=False, initial=True)
