"""Lists that hang on a category, each edited whole: own fields, checklists, faults with their lines."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets import actions, queries
from dovolen.desk.assets.forms import CheckRow, FaultForm, FaultLineRow, FieldRow
from dovolen.desk.assets.models import CHECK_MOMENTS, Category, FaultTemplate
from dovolen.desk.assets.views.categories import RIGHT, TABS
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.shell.lists import Rows


@may(RIGHT)
def category_fields(request: HttpRequest, key: int) -> HttpResponse:
    """Own fields of a category."""
    found = get_object_or_404(Category, pk=key)
    rows = Rows(FieldRow, kept=[FieldRow.of(field) for field in queries.fields(found)], sent=request.POST or None)
    page = _Page(request, found, "fields", rows, queries.face_of_fields(found))
    if page.is_to_be_saved():
        told = [row.form.told() for row in rows.filled]
        try:
            actions.set_fields(category=found, fields=told, seen=page.seen, by=page.person, now=timezone.now())
        except (actions.ChangedMeanwhile, actions.Twice) as refusal:
            page.refuse(refusal)
        else:
            return page.saved("category_fields", key)
    return page.shown("assets/fields.html")


@may(RIGHT)
def category_checklist(request: HttpRequest, key: int, moment: str) -> HttpResponse:
    """What is looked at, at intake or before ready."""
    if moment not in CHECK_MOMENTS:
        raise Http404
    found = get_object_or_404(Category, pk=key)
    kept = [{"text": item.text, "is_usual": item.is_usual} for item in queries.checklist(found, moment)]
    rows = Rows(CheckRow, kept=kept, sent=request.POST or None)
    page = _Page(request, found, moment, rows, queries.face_of_checklist(found, moment))
    if page.is_to_be_saved():
        items = [(row["text"], row["is_usual"]) for row in rows.values()]
        try:
            actions.set_checklist(
                category=found, moment=moment, items=items, seen=page.seen, by=page.person, now=timezone.now()
            )
        except (actions.ChangedMeanwhile, actions.Twice) as refusal:
            page.refuse(refusal)
        else:
            return page.saved("category_checklist", key, moment)
    return page.shown("assets/checklist.html")


@may(RIGHT)
@require_safe
def category_faults(request: HttpRequest, key: int) -> HttpResponse:
    """Faults met every day."""
    found = get_object_or_404(Category, pk=key)
    faults = queries.faults(found)
    for fault in faults:
        fault.total = sum(line.price for line in fault.lines.all())  # type: ignore[attr-defined]
        fault.norm = sum(line.norm_minutes for line in fault.lines.all())  # type: ignore[attr-defined]
    shown = {"category": found, "faults": faults, "tabs": TABS, "tab": "faults"}
    return respond(request, "assets/faults.html", shown | {"currency": currency_of(access.person(request))})


@may(RIGHT)
@once
def new_fault(request: HttpRequest, key: int) -> HttpResponse:
    """A further fault."""
    return _fault(request, get_object_or_404(Category, pk=key), None)


@may(RIGHT)
def category_fault(request: HttpRequest, key: int, fault: int) -> HttpResponse:
    """A fault and the lines that usually mend it."""
    found = get_object_or_404(FaultTemplate.objects.select_related("category"), pk=fault, category=key)
    return _fault(request, found.category, found)


def _fault(request: HttpRequest, category: Category, fault: FaultTemplate | None) -> HttpResponse:
    kept = [FaultLineRow.of(line) for line in fault.lines.order_by("position", "pk")] if fault else []
    line = partial(FaultLineRow, currency=currency_of(access.person(request)))
    rows = Rows(line, kept=kept, sent=request.POST or None, n_blank=1 if fault else 2)
    initial = {"title": fault.title, "text": fault.text} if fault else None
    form = FaultForm(None if rows.op else request.POST or None, initial=_typed(request) if rows.op else initial)
    page = _Page(request, category, "faults", rows, queries.face_of_fault(fault) if fault else "")
    if page.is_to_be_saved() and form.is_valid():
        try:
            actions.save_fault(
                category=category, fault=fault, told=(form.cleaned_data["title"], form.cleaned_data["text"]),
                lines=[row.form.told() for row in rows.filled], seen=page.seen, by=page.person, now=timezone.now(),
            )  # fmt: skip
        except actions.FaultTaken as refusal:
            form.refuse(refusal, "title")
        except actions.ChangedMeanwhile as refusal:
            page.refuse(refusal)
        else:
            return page.saved("category_faults", category.pk)
    return page.shown("assets/fault.html", form=form, fault=fault)


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in FaultForm.base_fields}


@may(RIGHT)
@require_POST
def fault_removal(request: HttpRequest, key: int, fault: int) -> HttpResponse:
    """Offer a fault no more."""
    found = get_object_or_404(FaultTemplate.objects.select_related("category"), pk=fault, category=key)
    actions.remove_fault(fault=found, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("setup.done.fault_removed"))
    return redirect("category_faults", key)


def currency_of(person: Staff) -> str:
    """What prices of faults are in: the money of the centre where he works."""
    return person.centre.currency if person.centre else "RUB"


class _Page:
    """A page with a list on it: rows, the face that it showed, what was refused."""

    def __init__(self, request: HttpRequest, category: Category, tab: str, rows: Rows, face: str) -> None:
        self.request, self.category, self.tab, self.rows = request, category, tab, rows
        self.seen = request.POST.get("seen") or face
        self.person = access.person(request)
        self.problem = ""

    def is_to_be_saved(self) -> bool:
        """Whether the list was sent to be saved and is sound; a button of the list is done here."""
        if self.rows.op:
            self.rows.go_on()
            return False
        return self.request.method == "POST" and self.rows.is_valid()

    def refuse(self, refusal: Refusal) -> None:
        """Say why it was not saved; after a change meanwhile the page goes on from what is kept now."""
        self.problem = str(refusal)
        self.seen = getattr(refusal, "face", self.seen)

    def saved(self, route: str, *args: Any) -> HttpResponse:
        """Back to the list as it is kept."""
        messages.success(self.request, words.say("setup.done.saved"))
        return redirect(route, *args)

    def shown(self, template: str, **more: Any) -> HttpResponse:
        """The list as it was sent, or as it is kept."""
        shown = {
            "category": self.category, "rows": self.rows, "seen": self.seen, "problem": self.problem, "tabs": TABS,
            "tab": self.tab,
        }  # fmt: skip
        return respond(self.request, template, shown | more)
