"""Forms beside lists of clients: which ones, what is to be done with them, why they leave as a file."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import ROLES
from dovolen.desk.analysis.actions.lists import LONGEST_REASON
from dovolen.desk.analysis.queries import clients as names
from dovolen.desk.core import words
from dovolen.desk.shell.forms import MomentField, WordedForm
from dovolen.desk.tasks.models import CALL, TODO

SEGMENTS = (
    "champions", "loyal_customers", "potential_loyalist", "promising", "new_customers", "need_attention",
    "about_to_sleep", "at_risk", "cant_lose", "hibernating", "lost",
)  # fmt: skip


class NamesForm(WordedForm):
    """Which clients of a snapshot, in which order; what the selects do not hold is carried on hidden."""

    words = "study.filter"

    state = forms.ChoiceField(required=False)
    segment = forms.ChoiceField(required=False)
    point = forms.ChoiceField(required=False)
    mood = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    sort = forms.ChoiceField(required=False)

    def __init__(self, filters: names.Filters) -> None:
        initial = {**filters.told(), "sort": filters.order}
        super().__init__(initial=initial, auto_id="f-%s")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        say = words.current()
        any_ = {
            name: ("", say.say(f"study.filter.{name}_any")) for name in ("state", "segment", "point", "mood", "kind")
        }
        own = [] if filters.segment in ("", *SEGMENTS) else [filters.segment]
        self.offer("state", [any_["state"], *((one, say.name("state", one)) for one in names.STATES)])
        self.offer("segment", [any_["segment"], *((one, say.name("segment", one)) for one in (*SEGMENTS, *own))])
        risks = ((one, say.name("risk", one)) for one in names.POINTS)
        self.offer("point", [any_["point"], (names.ANY, say.say("study.filter.point_some")), *risks])
        self.offer("mood", [any_["mood"], *((one, say.name("shell.score", one)) for one in names.MOODS)])
        self.offer("kind", [any_["kind"], *((one, say.name("kind", one)) for one in ("person", "company"))])
        self.offer("sort", [(one, say.name("study.sort", one)) for one in names.SORTS])


class ListTasksForm(WordedForm):
    """What is to be done about each client of a list, by whom, until when."""

    words = "study.task"

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField()
    due_at = MomentField(required=False)
    assignee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(required=False)
    centre = forms.TypedChoiceField(coerce=int)
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        super().__init__(*args, **values)
        say = words.current()
        self.people = {person.pk: person for person in accounts.people_at(centre.pk for centre in centres)}
        self.centres = {centre.pk: centre for centre in centres}
        anybody = ("", say.say("tasks.anybody"))
        self.offer("kind", [(kind, say.name("tasks.kind", kind)) for kind in (CALL, TODO)])
        self.offer("assignee", [anybody, *((pk, person.name) for pk, person in self.people.items())])
        self.offer("role", [("", say.say("tasks.any_role")), *((r, say.name("accounts.role", r)) for r in ROLES)])
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])
        if len(centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()
            self.fields["centre"].initial = centres[0].pk

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("title", "kind", "due_at", "role", "note")}
        return {**told, "centre": self.centres[data["centre"]], "assignee": self._assignee()}

    def _assignee(self) -> Staff | None:
        return self.people.get(self.cleaned_data["assignee"])


class ExportForm(WordedForm):
    """Why so many names leave the desk."""

    words = "study.export"

    reason = forms.CharField(max_length=LONGEST_REASON, required=False)
