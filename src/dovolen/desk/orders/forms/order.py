"""Forms of the order page. What they may hold depends on the order and on who fills them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import LINE_KINDS
from dovolen.desk.core import words
from dovolen.desk.core.changes import Difference, Stale
from dovolen.desk.money.models import PriceItem
from dovolen.desk.orders.actions import HEARD
from dovolen.desk.orders.models import (
    HOLD_REASONS,
    PAY_TYPES,
    REPROMISE_REASONS,
    Line,
    RepairOrder,
    Stage,
)  # fmt: skip
from dovolen.desk.shell.forms import MomentField, MoneyField, VersionedForm, WordedForm

WORDS = "order_page.field"
MOST_PHOTOS_AT_ONCE = 20
Choices = list[tuple[str, str]]


def coded(family: str, codes: Iterable[str], *, blank: str | None = None) -> Choices:
    """Codes of a family with their words; `blank` is the key of what stands first when nothing is chosen."""
    speaker = words.current()
    first = [] if blank is None else [("", speaker.say(blank))]
    return [*first, *((code, speaker.name(f"orders.{family}", code)) for code in codes)]


def people(technicians: Iterable[Staff], nobody: str = "order_page.nobody") -> Choices:
    """Technicians to choose from, nobody first."""
    return [("", words.say(nobody)), *((str(person.pk), person.name) for person in technicians)]


class OrderForm(WordedForm):
    """A form with the words of the order page."""

    words = WORDS


class SeenForm(VersionedForm):
    """The same over a row that others change too."""

    words = WORDS


class DetailsForm(SeenForm):
    """What was told and seen at intake; who only repairs changes what he sees at the bench."""

    fault_text = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))
    condition = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2}))
    accessories = forms.CharField(required=False, max_length=300)
    shelf = forms.CharField(required=False, max_length=40)
    odometer = forms.IntegerField(required=False, min_value=0, max_value=9_999_999)
    pay_type = forms.ChoiceField()

    estimate = MoneyField(required=False)

    DESK = ("fault_text", "pay_type", "estimate")

    def __init__(self, *args: Any, order: RepairOrder, at_desk: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.count_in(order.currency)
        self.offer("pay_type", coded("pay_type", PAY_TYPES))
        hidden = () if at_desk else self.DESK
        if not (order.category and order.category.uses_odometer):
            hidden = (*hidden, "odometer")
        for name in hidden:
            del self.fields[name]
        self.initial = {name: getattr(order, name) for name in self.fields} | dict(self.initial)


class DiagnosisForm(SeenForm):
    """What was found."""

    diagnosis = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))


class MomentChoice(forms.ChoiceField):
    """One of several moments; one that was offered a while ago is as good as those offered now."""

    widget = forms.RadioSelect

    def valid_value(self, value: str) -> bool:
        """Any moment with its zone, or none."""
        try:
            moment = parse_datetime(value)
        except ValueError:
            return False
        return not value or (moment is not None and moment.tzinfo is not None and 2000 <= moment.year < 2100)


class PromiseForm(OrderForm):
    """A new date: one of those that hold, or one's own."""

    option = MomentChoice(required=False)
    promised_at = MomentField(required=False)
    reason = forms.ChoiceField(required=False)
    told_how = forms.ChoiceField()
    note = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, options: Sequence[tuple[datetime, str]], is_first: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        choices = [(at.isoformat(), text) for at, text in options]
        self.offer("option", [*choices, ("", words.say("order_page.promise.own"))])
        self.offer("told_how", coded("told_how", (*HEARD, "not_yet")))
        reasons = coded("repromise_reason", REPROMISE_REASONS, blank="order_page.choose")
        self.offer("reason", reasons)
        self.fields["reason"].required = not is_first
        if is_first:
            del self.fields["reason"]
        if not choices:
            del self.fields["option"]

    def clean(self) -> dict[str, Any]:
        """Some date has to be chosen."""
        cleaned = super().clean() or self.cleaned_data
        chosen = parse_datetime(cleaned.get("option") or "")
        if chosen:
            cleaned["promised_at"] = chosen
        elif not cleaned.get("promised_at") and "promised_at" not in self.errors:
            self.add_error("promised_at", words.say("order_page.promise.no_date"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "option"}


class StageForm(OrderForm):
    """Another stage; `seen` is where the page showed the order."""

    stage = forms.ChoiceField(widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    force = forms.BooleanField(required=False)

    def __init__(self, *args: Any, stages: Sequence[tuple[Stage, str]], may_force: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.by_key = {str(stage.pk): stage for stage, _ in stages}
        self.offer("stage", [(str(stage.pk), text) for stage, text in stages])
        if not may_force:
            del self.fields["force"]

    @property
    def chosen(self) -> Stage:
        """Where it is to go."""
        return self.by_key[self.cleaned_data["stage"]]


class TechnicianForm(OrderForm):
    """Who works on it."""

    technician = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, technicians: Iterable[Staff], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("technician", people(technicians))


class HoldForm(OrderForm):
    """What an order waits for, until when."""

    reason = forms.ChoiceField()
    until = MomentField(required=False)
    note = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("reason", coded("hold_reason", HOLD_REASONS))


class LineForm(OrderForm):
    """A new job, part or fee."""

    kind = forms.ChoiceField()
    name = forms.CharField(max_length=200)
    quantity = forms.DecimalField(
        min_value=Decimal("0.001"), max_value=100_000, max_digits=9, decimal_places=3, localize=True, initial=1
    )
    price = MoneyField()
    cost = MoneyField(required=False)
    norm_hours = forms.DecimalField(
        required=False, min_value=0, max_value=8760, max_digits=7, decimal_places=2, localize=True
    )
    warranty_days = forms.IntegerField(required=False, min_value=0, max_value=3660)
    technician = forms.ChoiceField(required=False)
    tax_code = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, order: RepairOrder, technicians: Sequence[Staff], shows_cost: bool, taxes: Choices,
        **values: Any,
    ) -> None:  # fmt: skip
        self.by_key = {str(person.pk): person for person in technicians}
        super().__init__(*args, **values)
        self.count_in(order.currency)
        self.offer("kind", coded("line_kind", LINE_KINDS))
        self.offer("technician", people(technicians))
        self.offer("tax_code", taxes)
        if not shows_cost:
            del self.fields["cost"]
        if not taxes:
            del self.fields["tax_code"]

    def facts(self) -> dict[str, Any]:
        """As the line keeps them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        data["norm_minutes"] = int((data.pop("norm_hours") or 0) * 60)
        data["technician"] = self.by_key.get(data["technician"])
        return data

    @staticmethod
    def from_list(item: PriceItem) -> dict[str, Any]:
        """What the form shows at first of what was chosen from the price list."""
        names = ("kind", "name", "price", "cost", "warranty_days", "tax_code")
        return {**{name: getattr(item, name) for name in names}, "norm_hours": hours_of(item.norm_minutes)}


def hours_of(minutes: int) -> int | Decimal | None:
    """Minutes in hours as they are typed; none where there are none."""
    hours = Decimal(minutes) / 60
    return (int(hours) if hours % 1 == 0 else round(hours, 2)) if minutes else None


class SeenLineForm(LineForm, SeenForm):
    """A line that is there already."""

    def facts(self) -> dict[str, Any]:
        """An emptied warranty is none."""
        data = super().facts()
        return data | {"warranty_days": data["warranty_days"] or 0}

    def _go_on_from(self, stale: Stale) -> None:
        named = [
            Difference("norm_hours", Decimal(one.theirs) / 60, Decimal(one.mine) / 60)
            if one.field == "norm_minutes"
            else one
            for one in stale.differences
        ]
        super()._go_on_from(Stale(stale.version, named))

    @staticmethod
    def of(line: Line) -> dict[str, Any]:
        """What the form shows of a line at first."""
        names = ("kind", "name", "price", "cost", "warranty_days", "version", "tax_code")
        return {
            **{name: getattr(line, name) for name in names},
            "quantity": line.quantity.normalize() if line.quantity % 1 else int(line.quantity),
            "norm_hours": hours_of(line.norm_minutes),
            "technician": line.technician_id or "",
        }


YES, NO, LATER = "yes", "no", ""


class ApprovalForm(OrderForm):
    """The client's word on each line, whose word it is and how he was asked."""

    who = forms.CharField(max_length=120)
    told_how = forms.ChoiceField()
    note = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, lines: Sequence[Line], **values: Any) -> None:
        super().__init__(*args, **values)
        self.lines = lines
        self.offer("told_how", coded("told_how", HEARD))
        says = [(code, words.say(f"order_page.word.{code or 'later'}")) for code in (YES, NO, LATER)]
        for line in lines:
            self.fields[f"word_{line.pk}"] = forms.ChoiceField(
                choices=says, required=False, widget=forms.RadioSelect, label=line.name, initial=YES
            )
            self.fields[f"reason_{line.pk}"] = forms.CharField(
                max_length=200, required=False, label=words.say("order_page.word.reason")
            )

    def rows(self) -> list[tuple[Line, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [(line, self[f"word_{line.pk}"], self[f"reason_{line.pk}"]) for line in self.lines]

    def approved(self) -> list[int]:
        """Keys of lines he agrees to."""
        return [line.pk for line in self.lines if self.cleaned_data.get(f"word_{line.pk}") == YES]

    def declined(self) -> dict[int, str]:
        """Keys of lines he declines, with his reason."""
        no = [line.pk for line in self.lines if self.cleaned_data.get(f"word_{line.pk}") == NO]
        return {key: self.cleaned_data.get(f"reason_{key}", "") for key in no}


class PartForm(OrderForm):
    """A part that was ordered."""

    name = forms.CharField(max_length=200)
    supplier = forms.CharField(required=False, max_length=80)
    expected_at = MomentField(required=False)
    line = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, lines: Sequence[Line], **values: Any) -> None:
        super().__init__(*args, **values)
        self.by_key = {str(line.pk): line for line in lines}
        choices = [("", words.say("order_page.no_line")), *((key, line.name) for key, line in self.by_key.items())]
        self.offer("line", choices)

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        return self.cleaned_data | {"line": self.by_key.get(self.cleaned_data["line"])}


class PartDateForm(OrderForm):
    """When a part is expected now."""

    expected_at = MomentField(required=False)


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several; cleaned to a list."""

    widget = ManyFilesInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each by itself."""
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_PHOTOS_AT_ONCE:
            raise ValidationError(words.say("order_page.photos_at_once", n=MOST_PHOTOS_AT_ONCE))
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class PhotoForm(OrderForm):
    """Photos to be kept with the order."""

    photos = ManyFilesField(max_length=200)
    caption = forms.CharField(required=False, max_length=120)
    is_for_client = forms.BooleanField(required=False, initial=True)


class PhotoDetailsForm(OrderForm):
    """What stands under a photo, and who sees it."""

    caption = forms.CharField(required=False, max_length=120)
    is_for_client = forms.BooleanField(required=False)


class NoteForm(OrderForm):
    """Something worth knowing."""

    text = forms.CharField(max_length=10_000, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))


class PasswordForm(OrderForm):
    """The password of the device; empty forgets it."""

    device_password = forms.CharField(required=False, max_length=200, strip=True)


class ChecklistForm(SeenForm):
    """What is done before it may be called ready."""

    ticked = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, items: Sequence[str], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("ticked", [(item, item) for item in items])


class ToldForm(OrderForm):
    """How the client was told that it is ready."""

    how = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("how", coded("told_how", HEARD))


class CancelForm(OrderForm):
    """Why the order should not have been."""

    reason = forms.CharField(max_length=200)
