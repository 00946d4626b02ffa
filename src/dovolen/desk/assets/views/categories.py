"""Categories and ready sets, for those who set up the house."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.assets import actions, queries
from dovolen.desk.assets.forms import CategoryForm
from dovolen.desk.assets.models import Category
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once

RIGHT = "set up orders"
TABS = ("main", "fields", "intake", "ready", "faults", "norms")


@may(RIGHT)
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """What the house repairs."""
    rows = queries.categories_with_counts()
    active = [row for row in rows if row.category.is_active]
    off = [row for row in rows if not row.category.is_active]
    return respond(request, "assets/categories.html", {"active": active, "off": off})


@may(RIGHT)
@once
def new_category(request: HttpRequest) -> HttpResponse:
    """A further kind of asset."""
    form = CategoryForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.add_category(by=access.person(request), now=timezone.now(), **form.cleaned_data)
        except actions.NameTaken as refusal:
            form.refuse(refusal, "name")
        else:
            messages.success(request, words.say("setup.done.category_added"))
            return redirect("category_checklist", made.pk, "intake")
    return respond(request, "assets/category.html", {"form": form})


@may(RIGHT)
def category(request: HttpRequest, key: int) -> HttpResponse:
    """What is told of a category."""
    found = get_object_or_404(Category, pk=key)
    form = CategoryForm(request.POST or None, initial=CategoryForm.of(found))
    seen = request.POST.get("seen") or queries.face_of_category(found)
    if form.is_valid():
        try:
            actions.change_category(
                category=found, seen=seen, by=access.person(request), now=timezone.now(), **form.cleaned_data
            )
        except actions.ChangedMeanwhile as refusal:
            form.refuse(refusal)
            seen = refusal.face
        except actions.NameTaken as refusal:
            form.refuse(refusal, "name")
        else:
            messages.success(request, words.say("setup.done.saved"))
            return redirect("category", key)
    shown = {"form": form, "category": found, "seen": seen, "tabs": TABS, "tab": "main"}
    return respond(request, "assets/category.html", shown)


@may(RIGHT)
@require_POST
def category_place(request: HttpRequest, key: int) -> HttpResponse:
    """One place up or down."""
    found = get_object_or_404(Category, pk=key)
    later = request.POST.get("later") == "1"
    actions.move_category(category=found, later=later, by=access.person(request), now=timezone.now())
    return redirect("categories")


@may(RIGHT)
@require_POST
def category_active(request: HttpRequest, key: int) -> HttpResponse:
    """Take assets of it in no more, or again."""
    found = get_object_or_404(Category, pk=key)
    on = request.POST.get("on") == "1"
    actions.switch_category(category=found, on=on, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("setup.done.switched_on" if on else "setup.done.switched_off"))
    return redirect("categories")


@dataclass(frozen=True)
class Offered:
    """A ready set on its page."""

    name: str
    parts: list[tuple[str, str, int, int, bool]]
    """Name, icon, number of checks and faults, and whether the house has it, of each category."""
    is_taken: bool


@may(RIGHT)
@once
def ready_sets(request: HttpRequest) -> HttpResponse:
    """What a trade repairs, in one go."""
    person = access.person(request)
    lang = words.current().lang
    name = request.POST.get("name")
    if name in actions.NAMES:
        made = actions.load_set(name=name, lang=lang, by=person, now=timezone.now())
        count = words.current().count("setup.count.categories", len(made))
        messages.success(request, words.say("setup.done.set_loaded", categories=count))
        return redirect("categories")
    held = {category.code for category in Category.objects.all()}
    return respond(request, "assets/ready_sets.html", {"sets": [_offered(name, held, lang) for name in actions.NAMES]})


def _offered(name: str, held: set[str], lang: str) -> Offered:
    key = "name_en" if lang == "en" else "name"
    parts = [
        (told[key], told["icon"], len(told["intake"]) + len(told["ready"]), len(told["fault"]), told["code"] in held)
        for told in actions.ready_set(name).categories
    ]
    return Offered(name, parts, all(is_held for *_, is_held in parts))
