"""Forms of the pages on which the way of orders is set up."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts.rights import ROLES, WHOSE
from dovolen.desk.core import words
from dovolen.desk.orders.actions.stage_setup import OWN_PHASES
from dovolen.desk.orders.models import CLOSED, TOLD, Stage
from dovolen.desk.orders.queries import stage_name
from dovolen.desk.shell.forms import StretchField, WordedForm

MOVERS = tuple(role for role in ROLES if role in {*WHOSE["repair"], *WHOSE["take in"]})
"""Roles that may move orders at all."""
NORM = "norm_"
"""Controls of norms are called this and the code of the stage."""


class StageForm(WordedForm):
    """A stage that is there. Told and handed over are reached by actions of their own: nobody moves an order there."""

    words = "setup.stage"

    name = forms.CharField(max_length=40, required=False)
    norm_minutes = StretchField(required=False)
    movers = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    needs_approval = forms.BooleanField(required=False)
    needs_checklist = forms.BooleanField(required=False)
    needs_payment = forms.BooleanField(required=False)

    def __init__(self, *args: Any, stage: Stage | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        speaker = words.current()
        self.offer("movers", [(role, speaker.name("accounts.role", role)) for role in MOVERS])
        if stage is not None and stage.phase in (TOLD, CLOSED):
            for name in (
                "movers",
                "needs_approval",
                "needs_checklist",
                "needs_payment",
                *(["norm_minutes"] if stage.phase == CLOSED else []),
            ):
                del self.fields[name]
        standard = f"orders.stage.{stage.code}" if stage else ""
        if standard in speaker:
            self.fields["name"].help_text = speaker.say("setup.stage.name_standard", name=speaker.say(standard))
        elif stage is not None:
            self.fields["name"].required = True

    @staticmethod
    def of(stage: Stage) -> dict[str, Any]:
        """What the form shows of a stage at first."""
        return {name: getattr(stage, name) for name in StageForm.base_fields}


class NewStageForm(StageForm):
    """A stage of one's own."""

    phase = forms.ChoiceField(widget=forms.RadioSelect, initial=OWN_PHASES[0])
    field_order = ("name", "phase")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["name"].required = True
        speaker = words.current()
        self.offer("phase", [(code, speaker.say(f"setup.phase.{code}")) for code in OWN_PHASES])


class NormsForm(WordedForm):
    """How long each stage may take for a category; empty: as long as the stage itself says."""

    words = "setup.stage"

    def __init__(self, *args: Any, stages: list[Stage], **values: Any) -> None:
        self.stages = [stage for stage in stages if stage.phase != CLOSED]
        super().__init__(*args, **values)
        for stage in self.stages:
            control = StretchField(required=False, label=stage_name(stage))
            control.widget.attrs.update({"class": "form-control", "autocomplete": "off"})
            self.fields[f"{NORM}{stage.code}"] = control

    def controls(self) -> list[tuple[Stage, forms.BoundField]]:
        """Each stage with its control."""
        return [(stage, self[f"{NORM}{stage.code}"]) for stage in self.stages]

    def norms(self) -> dict[str, int | None]:
        """As the action takes it."""
        return {stage.code: self.cleaned_data[f"{NORM}{stage.code}"] for stage in self.stages}

    @staticmethod
    def of(norms: dict[str, int]) -> dict[str, Any]:
        """What the form shows of the norms of a category at first."""
        return {f"{NORM}{code}": minutes for code, minutes in norms.items()}
