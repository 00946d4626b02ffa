"""Forms of tasks."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import ROLES
from dovolen.desk.core import words
from dovolen.desk.shell.forms import MomentField, VersionedForm, WordedForm
from dovolen.desk.tasks.models import KINDS, Task

LARGEST_NUMBER = 10**12


class TaskFields(WordedForm):
    """What a task says; `centres` are those where it may be given."""

    words = "tasks.field"

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField()
    due_at = MomentField(required=False)
    assignee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(required=False)
    order_number = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        super().__init__(*args, **values)
        say = words.current()
        self.people = {person.pk: person for person in accounts.people_at(centre.pk for centre in centres)}
        anybody = ("", say.say("tasks.anybody"))
        self.offer("kind", [(kind, say.name("tasks.kind", kind)) for kind in KINDS])
        self.offer("assignee", [anybody, *((pk, person.name) for pk, person in self.people.items())])
        self.offer("role", [("", say.say("tasks.any_role")), *((r, say.name("accounts.role", r)) for r in ROLES)])

    def facts(self) -> dict[str, Any]:
        """As a task keeps them."""
        data = self.cleaned_data
        kept = ("title", "kind", "due_at", "role", "order_number", "note")
        return {**{name: data[name] for name in kept}, "assignee": self._assignee()}

    def _assignee(self) -> Staff | None:
        return self.people.get(self.cleaned_data["assignee"])


class NewTaskForm(TaskFields):
    """A task, and at which centre it is."""

    centre = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        super().__init__(*args, centres=centres, **values)
        self.centres = {centre.pk: centre for centre in centres}
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])

    def place(self) -> Centre:
        """Where it is to be done."""
        return self.centres[self.cleaned_data["centre"]]


class TaskForm(TaskFields, VersionedForm):
    """An open task that several people may change."""

    @staticmethod
    def of(task: Task) -> dict[str, Any]:
        """What the form shows of a task at first."""
        shown = ("title", "kind", "due_at", "role", "order_number", "note", "version")
        return {**{name: getattr(task, name) for name in shown}, "assignee": task.assignee_id}


class ResultForm(WordedForm):
    """How it ended."""

    words = "tasks.field"
    result = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
