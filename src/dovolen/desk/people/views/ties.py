"""Consents of a client, notes on him, and what others are to him."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.people import actions, queries
from dovolen.desk.people.forms import ConsentForm, NoteForm, RelationForm
from dovolen.desk.people.models import Customer
from dovolen.desk.people.views.seen import CHANGE, SEE, customer_of


@may(CHANGE)
@once
def consents(request: HttpRequest, customer: int) -> HttpResponse:
    """What he agreed to and took back, each with its words and proof; one more word of his."""
    one, form = customer_of(request, customer, CHANGE), ConsentForm(request.POST or None)
    now = timezone.now()
    if form.is_valid():
        actions.record_consent(customer=one, by=access.person(request), now=now, **form.facts())
        messages.success(request, words.say("people.done.consent"))
        return redirect("customer_consents", one.pk)
    shown = {
        "customer": one, "form": form, "told": queries.all_consents(one),
        "texts": queries.texts_now(now), "standing": queries.standing(one),
    }  # fmt: skip
    return respond(request, "people/consents.html", shown)


@may(SEE)
@once
def notes(request: HttpRequest, customer: int) -> HttpResponse:
    """What was written about him; one more note."""
    one, form = customer_of(request, customer), NoteForm(request.POST or None)
    if form.is_valid():
        told = {"text": form.cleaned_data["text"], "is_pinned": form.cleaned_data["is_pinned"]}
        actions.add_note(customer=one, by=access.person(request), now=timezone.now(), **told)
        messages.success(request, words.say("people.done.note"))
        return redirect("customer", one.pk)
    person = access.person(request)
    shown = {"customer": one, "form": form, "notes": queries.notes_of(one), "may_remove": person.may("merge customers")}
    return respond(request, "people/notes.html", shown)


@may(SEE)
def note(request: HttpRequest, customer: int, note: int) -> HttpResponse:
    """One note: mended by its author, kept on top, or taken away."""
    person, one = access.person(request), customer_of(request, customer)
    row = get_object_or_404(one.notes.select_related("customer"), pk=note)
    told: dict[str, Any] = {"note": row, "by": person, "now": timezone.now()}
    if "is_pinned_now" in request.POST:
        actions.pin_note(**told, is_pinned=request.POST["is_pinned_now"] == "yes")
        return redirect("customer_notes", one.pk)
    if "is_gone" in request.POST:
        actions.remove_note(**told)
        messages.success(request, words.say("people.done.note_gone"))
        return redirect("customer_notes", one.pk)
    form = NoteForm(request.POST or None, initial={"text": row.text, "is_pinned": row.is_pinned})
    if form.is_valid():
        actions.change_note(**told, text=form.cleaned_data["text"])
        actions.pin_note(**told, is_pinned=form.cleaned_data["is_pinned"])
        messages.success(request, words.say("people.done.note"))
        return redirect("customer_notes", one.pk)
    return respond(request, "people/note.html", {"customer": one, "note": row, "form": form})


@may(CHANGE)
@once
def relations(request: HttpRequest, customer: int) -> HttpResponse:
    """Who is tied to him; another one, found by name or phone."""
    person, one = access.person(request), customer_of(request, customer, CHANGE)
    form = RelationForm(request.POST or None)
    if form.is_valid():
        other = get_object_or_404(Customer.objects.visible_to(person), pk=queries.key_of(request.POST.get("other", "")))
        data = form.cleaned_data
        try:
            actions.relate(
                customer=one, other=other, kind=data["kind"], note=data["relation_note"], by=person, now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("people.done.related"))
            return redirect("customer_relations", one.pk)
    text = request.GET.get("q", "")
    found = queries.others(text, person, one) if text else []
    shown = {"customer": one, "form": form, "text": text, "found": found, "ties": queries.ties_of(one, person)}
    return respond(request, "people/relations.html", shown)


@may(CHANGE)
@require_POST
def relation(request: HttpRequest, customer: int, relation: int) -> HttpResponse:
    """One tie: forgotten, from whichever side."""
    person, one = access.person(request), customer_of(request, customer, CHANGE)
    tie = get_object_or_404(queries.tie_rows(one), pk=relation)
    actions.unrelate(relation=tie, by=person, now=timezone.now())
    messages.success(request, words.say("people.done.unrelated"))
    return redirect("customer_relations", one.pk)
