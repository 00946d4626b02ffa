"""The way of orders, for those who set up the house: stages, and their norms by category."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.assets import actions as assets
from dovolen.desk.assets import queries as of_assets
from dovolen.desk.assets.models import Category
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.orders import queries
from dovolen.desk.orders.actions import stage_setup
from dovolen.desk.orders.actions.stage_setup import RIGHT
from dovolen.desk.orders.forms.setup import NewStageForm, NormsForm, StageForm
from dovolen.desk.orders.models import Stage
from dovolen.desk.orders.queries import setup

TABS = ("main", "fields", "intake", "ready", "faults", "norms")


@may(RIGHT)
@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    """The way of an order, step by step."""
    rows = setup.stage_rows()
    return respond(
        request, "orders/setup_stages.html", {"rows": rows, "n_active": sum(row.stage.is_active for row in rows)}
    )


@may(RIGHT)
@once
def new_stage(request: HttpRequest) -> HttpResponse:
    """A stage of one's own."""
    form = NewStageForm(request.POST or None)
    if form.is_valid():
        try:
            stage_setup.add_stage(by=access.person(request), now=timezone.now(), **form.cleaned_data)
        except stage_setup.StageNameTaken as refusal:
            form.refuse(refusal, "name")
        else:
            messages.success(request, words.say("setup.done.stage_added"))
            return redirect("stages")
    return respond(request, "orders/setup_stage.html", {"form": form})


@may(RIGHT)
def stage(request: HttpRequest, key: int) -> HttpResponse:
    """Its name, norm, movers, what it needs."""
    found = get_object_or_404(Stage, pk=key)
    form = StageForm(request.POST or None, initial=StageForm.of(found), stage=found)
    seen = request.POST.get("seen") or setup.face_of_stage(found)
    if form.is_valid():
        try:
            stage_setup.change_stage(
                stage=found, seen=seen, by=access.person(request), now=timezone.now(), **form.cleaned_data
            )
        except assets.ChangedMeanwhile as refusal:
            form.refuse(refusal)
            seen = refusal.face
        except stage_setup.StageNameTaken as refusal:
            form.refuse(refusal, "name")
        else:
            messages.success(request, words.say("setup.done.saved"))
            return redirect("stages")
    shown = {"form": form, "stage": found, "name": queries.stage_name(found), "seen": seen}
    return respond(request, "orders/setup_stage.html", shown | {"is_removable": setup.is_removable(found)})


@may(RIGHT)
@require_POST
def stage_place(request: HttpRequest, key: int) -> HttpResponse:
    """One place up or down."""
    found = get_object_or_404(Stage, pk=key)
    later = request.POST.get("later") == "1"
    stage_setup.move_stage(stage=found, later=later, by=access.person(request), now=timezone.now())
    return redirect("stages")


@may(RIGHT)
@require_POST
def stage_active(request: HttpRequest, key: int) -> HttpResponse:
    """Let orders into it no more, or again."""
    found, on = get_object_or_404(Stage, pk=key), request.POST.get("on") == "1"
    try:
        stage_setup.switch_stage(stage=found, on=on, by=access.person(request), now=timezone.now())
    except (stage_setup.StageInUse, stage_setup.StageNeeded) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("setup.done.stage_on" if on else "setup.done.stage_off"))
    return redirect("stages")


@may(RIGHT)
@require_POST
def stage_removal(request: HttpRequest, key: int) -> HttpResponse:
    """Take away a stage that no order ever stood in."""
    found = get_object_or_404(Stage, pk=key)
    try:
        stage_setup.remove_stage(stage=found, by=access.person(request), now=timezone.now())
    except stage_setup.StageKept as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("setup.done.stage_removed"))
    return redirect("stages")


@may(RIGHT)
def category_norms(request: HttpRequest, key: int) -> HttpResponse:
    """How long each stage may take for a category."""
    found = get_object_or_404(Category, pk=key)
    kept = of_assets.norms(found)
    form = NormsForm(request.POST or None, initial=NormsForm.of(kept), stages=queries.stages())
    seen = request.POST.get("seen") or of_assets.face_of_norms(found)
    if form.is_valid() and request.method == "POST":
        norms = {code: norm for code, norm in kept.items() if f"norm_{code}" not in form.fields} | form.norms()
        try:
            assets.set_norms(category=found, norms=norms, seen=seen, by=access.person(request), now=timezone.now())
        except assets.ChangedMeanwhile as refusal:
            form.refuse(refusal)
            seen = refusal.face
        else:
            messages.success(request, words.say("setup.done.saved"))
            return redirect("category_norms", key)
    shown = {"form": form, "category": found, "seen": seen, "tabs": TABS, "tab": "norms"}
    return respond(request, "orders/setup_norms.html", shown)
