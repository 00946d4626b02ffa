"""Two records of one client: found, compared field by field, joined, parted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.people import actions, queries
from dovolen.desk.people.actions import merging
from dovolen.desk.people.models import Customer, Merge
from dovolen.desk.people.views.seen import MERGE, customer_of
from dovolen.desk.shell.forms import said

SIDES = (merging.KEPT, merging.ABSORBED)


@may(MERGE)
@require_safe
def duplicates(request: HttpRequest, customer: int) -> HttpResponse:
    """Records like his, and any other that is looked for."""
    person, one = access.person(request), customer_of(request, customer, MERGE)
    text = request.GET.get("q", "")
    phone = queries.main_phone(one)
    alike = queries.similar(name=one.name, phone=phone.number if phone else "", staff=person, omit=one.pk)
    found = queries.others(text, person, one) if text else []
    shown = {"customer": one, "text": text, "alike": alike, "found": found, "merges": queries.merges_of(one)}
    return respond(request, "people/duplicates.html", shown)


@may(MERGE)
@once
def merge(request: HttpRequest, customer: int, other: int) -> HttpResponse:
    """Both side by side; field by field one is chosen, then they become one."""
    person, kept = access.person(request), customer_of(request, customer, MERGE)
    absorbed = get_object_or_404(
        Customer.objects.visible_to(person, MERGE).exclude(pk=kept.pk).prefetch_related("phones", "emails"), pk=other
    )
    if request.method == "POST":
        chosen = {name: side for name, side in request.POST.items() if side in SIDES}
        actions.merge(kept=kept, absorbed=absorbed, chosen=chosen, by=person, now=timezone.now())
        messages.success(request, words.say("people.done.merged"))
        return redirect("customer", kept.pk)
    shown = {"customer": kept, "other": absorbed, "fields": comparison(kept, absorbed)}
    return respond(request, "people/merge.html", shown | {"moves": _moves(absorbed)})


def _moves(absorbed: Customer) -> list[tuple[str, int]]:
    """What would move and is worth telling: words and number."""
    found = ((f"people.moves.{name}", n) for name, n in queries.what_moves(absorbed).items())
    return [(key, n) for key, n in found if key in words.current()]


@dataclass(frozen=True)
class Differing:
    """A field in which two records differ: (side, value as people read it), and the side taken unless one chooses."""

    name: str
    sides: list[tuple[str, str]]
    taken: str


def comparison(kept: Customer, absorbed: Customer) -> list[Differing]:
    """Fields in which they differ."""
    after = merging.outcome(kept, absorbed, {})
    rows = []
    for name in merging.CHOSEN:
        ours, theirs = getattr(kept, name), getattr(absorbed, name)
        if ours != theirs:
            taken = merging.KEPT if after[name] == getattr(ours, "pk", ours) else merging.ABSORBED
            rows.append(Differing(name, list(zip(SIDES, (_said(name, ours), _said(name, theirs)), strict=True)), taken))
    return rows


def _said(name: str, value: Any) -> str:
    return words.say(f"people.kind.{value}") if name == "kind" else said(value)


@may(MERGE)
def undo(request: HttpRequest, merge: int) -> HttpResponse:
    """A merge that was made, to be taken back."""
    person = access.person(request)
    made = get_object_or_404(Merge.objects.select_related("kept", "absorbed", "by"), pk=merge)
    customer_of(request, made.kept_id, MERGE)
    if request.method == "POST":
        actions.undo_merge(merge=made, by=person, now=timezone.now())
        messages.success(request, words.say("people.done.parted"))
        return redirect("customer", made.kept_id)
    return respond(request, "people/undo.html", {"merge": made, "customer": made.kept})
