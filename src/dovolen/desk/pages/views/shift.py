"""The shift log: who is on, what came in and went out, notes, the hand-over; shifts that were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.orders.queries import flow as flows
from dovolen.desk.tasks import actions, queries
from dovolen.desk.tasks.models import Shift

RIGHT = "keep the shift log"
MOST_ORDERS = 50
LONGEST_TEXT = 2000


@may(RIGHT)
@require_safe
def shift(request: HttpRequest) -> HttpResponse:
    """The shift that is open at a centre, or a button to open one."""
    person, now = access.person(request), timezone.now()
    centres = [
        place for place in {one.centre_id: one.centre for one in person.places}.values() if person.may(RIGHT, place)
    ]
    centre = _chosen(request.GET.get("centre", ""), centres)
    log = queries.shift_now(centre)
    shown = {
        "centre": centre, "centres": centres, "log": log, "shift": log.shift,
        "is_on": person in log.staff, "others": _others(centre, log), **_story(person, log.shift, now),
    }  # fmt: skip
    return respond(request, "pages/shift.html", shown)


def _chosen(wanted: str, centres: list[Centre]) -> Centre:
    if not wanted:
        return centres[0]
    found = next((centre for centre in centres if str(centre.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _others(centre: Centre, log: queries.Now) -> list[Staff]:
    """Who works here and is not on the shift."""
    here = {person.pk for person in log.staff}
    return [person for person in accounts.people_at([centre.pk]) if person.pk not in here]


def _story(person: Staff, shift: Shift | None, now: datetime) -> dict[str, Any]:
    """Who was on, notes, and what went through it as far as he may see orders."""
    if shift is None:
        return {}
    until = shift.closed_at or now
    sees = person.may("see orders", shift.centre_id)
    return {
        "people": list(shift.people.select_related("staff").order_by("since", "pk")),
        "notes": list(shift.notes.select_related("by").order_by("-at", "-pk")),
        "flow": flows.flow([shift.centre_id], shift.opened_at, until) if sees else None,
        "orders": flows.went_through(shift.centre_id, shift.opened_at, until, MOST_ORDERS) if sees else [],
        "most": MOST_ORDERS,
    }


@may(RIGHT)
def shifts(request: HttpRequest) -> HttpResponse:
    """Shifts that were, the latest first; sent to, it opens one."""
    if request.method == "POST":
        return _open(request)
    person = access.person(request)
    found, later = queries.shifts_page(person, request.GET.get("cursor", ""))
    shown = {"shifts": found, "later": later, "is_wide": len(person.centre_ids(RIGHT)) > 1}
    return respond(request, "pages/shifts.html", shown)


@once
def _open(request: HttpRequest) -> HttpResponse:
    person = access.person(request)
    mine = Centre.objects.filter(pk__in=person.centre_ids(RIGHT))
    key = request.POST.get("centre", "")
    centre = get_object_or_404(mine, pk=key if key.isdecimal() else 0)

    def act(now: datetime) -> str:
        actions.open_shift(centre=centre, by=person, now=now)
        return words.say("shift.done.opened")

    return _acted(request, centre.pk, act)


@may(RIGHT)
@require_safe
def past_shift(request: HttpRequest, key: int) -> HttpResponse:
    """A shift that was: who worked, what was handed over."""
    person = access.person(request)
    seen = Shift.objects.visible_to(person).select_related("centre", "opened_by", "closed_by")
    found = get_object_or_404(seen, pk=key)
    if found.closed_at is None:
        return redirect(_page(found.centre_id))
    return respond(request, "pages/past_shift.html", {"shift": found, **_story(person, found, timezone.now())})


@may(RIGHT)
@require_POST
def shift_people(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody comes; or, with `on=0`, goes."""
    found = _found(request, key)
    wanted = request.POST.get("staff", "")
    people = Staff.objects.filter(memberships__centre=found.centre_id, is_active=True).distinct()
    staff = get_object_or_404(people, pk=wanted if wanted.isdecimal() else 0)

    def act(now: datetime) -> str:
        goes = request.POST.get("on") == "0"
        (actions.leave if goes else actions.join)(shift=found, staff=staff, by=access.person(request), now=now)
        return words.say("shift.done.left" if goes else "shift.done.joined", name=staff.name)

    return _acted(request, found.centre_id, act)


@may(RIGHT)
@require_POST
@once
def shift_notes(request: HttpRequest, key: int) -> HttpResponse:
    """A line of the log."""
    found = _found(request, key)

    def act(now: datetime) -> str:
        text = request.POST.get("text", "")[:LONGEST_TEXT]
        actions.write_log(shift=found, text=text, by=access.person(request), now=now)
        return words.say("shift.done.noted")

    return _acted(request, found.centre_id, act)


@may(RIGHT)
@require_POST
@once
def shift_handover(request: HttpRequest, key: int) -> HttpResponse:
    """The shift ends with what the next one has to know."""
    found = _found(request, key)

    def act(now: datetime) -> str:
        text = request.POST.get("handover", "")[:LONGEST_TEXT]
        actions.close_shift(shift=found, handover=text, by=access.person(request), now=now)
        return words.say("shift.done.closed")

    return _acted(request, found.centre_id, act)


def _found(request: HttpRequest, key: int) -> Shift:
    return get_object_or_404(Shift.objects.visible_to(access.person(request)).select_related("centre"), pk=key)


def _acted(request: HttpRequest, centre: int, act: Callable[[datetime], str]) -> HttpResponse:
    try:
        done = act(timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(_page(centre))


def _page(centre: int) -> str:
    return f"{reverse('shift')}?centre={centre}"
