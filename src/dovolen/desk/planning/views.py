"""Pages of the calendar: a day or a week of a centre, a slot, the bays."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.people.models import Customer
from dovolen.desk.planning import actions, queries
from dovolen.desk.planning.forms import BayForm, NewSlotForm, SlotForm
from dovolen.desk.planning.models import KINDS, WORK, Bay, Slot

DAY, WEEK = "day", "week"
SEE, PLAN = "see orders", "plan work"
USUAL_LENGTH = timedelta(hours=1)


@may(SEE)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A day or a week of a centre."""
    person = access.person(request)
    centres = accounts.centres_managed_by(person, SEE)
    centre = _chosen(request, person, centres)
    with _clock_of(centre):
        now = timezone.now()
        day = _day(request)
        view = WEEK if request.GET.get("view") == WEEK else DAY
        step, monday = 7 if view == WEEK else 1, day - timedelta(days=day.weekday())
        shown = {
            "centre": centre, "centres": centres, "day": day, "view": view, "views": (DAY, WEEK),
            "earlier": day - timedelta(days=step), "later": day + timedelta(days=step),
            "period": words.current().period(monday, monday + timedelta(days=6)),
            "today": timezone.localdate(), "may_plan": person.may(PLAN, centre),
            "picture": queries.day_of(centre, day, now) if view == DAY else None,
            "week": queries.week_of(centre, day) if view == WEEK else None, "now": now,
        }  # fmt: skip
        return respond(request, "planning/calendar.html", shown)


def _clock_of(centre: Centre) -> AbstractContextManager[None]:
    """Times of the calendar are those of its centre, wherever one looks from."""
    return timezone.override(ZoneInfo(centre.zone))


def _chosen(request: HttpRequest, person: Staff, centres: list[Centre]) -> Centre:
    wanted = request.GET.get("centre", "")
    if wanted:
        found = next((centre for centre in centres if str(centre.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    home = person.centre
    return home if home in centres and home is not None else centres[0]


def _day(request: HttpRequest) -> date:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()
    return day if date(2000, 1, 8) <= day <= date(2100, 1, 1) else timezone.localdate()


def _page_of(slot_centre: Centre, at: datetime) -> str:
    day = timezone.localtime(at, ZoneInfo(slot_centre.zone)).date()
    return f"{reverse('calendar')}?{urlencode({'centre': slot_centre.pk, 'day': day.isoformat()})}"


@may(PLAN)
@once
def new_slot(request: HttpRequest) -> HttpResponse:
    """Take time of somebody or of a bay; for a client or an order where the address names one."""
    person = access.person(request)
    centre = _chosen(request, person, accounts.centres_managed_by(person, PLAN))
    customer = _customer(request, person)
    with _clock_of(centre):
        form = NewSlotForm(request.POST or None, centre=centre, person=person, initial=_asked(request, centre))
        if form.is_valid():
            facts = {"kind": form.cleaned_data["kind"], "customer": customer, **form.facts()}
            try:
                slot = actions.book(centre=centre, by=person, now=timezone.now(), **facts)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, words.say("planning.done.booked"))
                return redirect(_page_of(centre, slot.starts_at))
        shown = {"form": form, "centre": centre, "customer": customer, "back": _page_of(centre, timezone.now())}
        return respond(request, "planning/slot.html", shown)


def _customer(request: HttpRequest, person: Staff) -> Customer | None:
    key = request.GET.get("customer", "")
    return get_object_or_404(Customer.objects.visible_to(person), pk=key) if key.isdecimal() else None


def _asked(request: HttpRequest, centre: Centre) -> dict[str, Any]:
    """What the address fills in beforehand: kind, whose time, from when."""
    asked = request.GET
    start = _moment(asked.get("starts_at", "")) or _next_hour(centre)
    kind = asked.get("kind", "")
    return {
        "kind": kind if kind in KINDS else WORK, "starts_at": start, "ends_at": start + USUAL_LENGTH,
        **{name: int(asked[name][:12]) for name in ("technician", "bay", "order") if asked.get(name, "").isdecimal()},
    }  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=timezone.get_current_timezone())


def _next_hour(centre: Centre) -> datetime:
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return timezone.localtime(Opening.of(centre).after(soon))


@may(PLAN)
def slot(request: HttpRequest, key: int) -> HttpResponse:
    """Move a slot, give it to somebody else."""
    person = access.person(request)
    found = get_object_or_404(queries.shown(Slot.objects.visible_to(person)), pk=key, cancelled_at=None)
    with _clock_of(found.centre):
        form = SlotForm(
            request.POST or None, centre=found.centre, person=person, slot=found, initial=SlotForm.of(found)
        )
        if form.is_valid():
            try:
                actions.change_slot(slot=found, seen=form.seen, by=person, now=timezone.now(), **form.facts())
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, words.say("planning.done.changed"))
                return redirect(_page_of(found.centre, found.starts_at))
        back = _page_of(found.centre, found.starts_at)
        shown = {"form": form, "slot": found, "centre": found.centre, "customer": found.customer, "back": back}
        return respond(request, "planning/slot.html", shown)


@may(PLAN)
@require_POST
def slot_cancellation(request: HttpRequest, key: int) -> HttpResponse:
    """Free the time again."""
    return _acted(request, key, "cancelled")


@may(PLAN)
@require_POST
def slot_arrival(request: HttpRequest, key: int) -> HttpResponse:
    """The client who was expected is here."""
    return _acted(request, key, "arrived")


def _acted(request: HttpRequest, key: int, what: str) -> HttpResponse:
    person = access.person(request)
    found = get_object_or_404(Slot.objects.visible_to(person).select_related("centre"), pk=key)
    act = actions.cancel_slot if what == "cancelled" else actions.arrive
    try:
        act(slot=found, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say(f"planning.done.{what}"))
    return redirect(reverse("home") if request.POST.get("back") == "today" else _page_of(found.centre, found.starts_at))


# ── Bays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@may(PLAN)
@once
def bays(request: HttpRequest) -> HttpResponse:
    """Bays of a centre, and a form for one more."""
    person = access.person(request)
    centres = accounts.centres_managed_by(person, PLAN)
    centre = _chosen(request, person, centres)
    form = BayForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_bay(centre=centre, name=form.cleaned_data["bay_name"], by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal, "bay_name")
        else:
            messages.success(request, words.say("planning.done.bay_added"))
            return redirect(f"{reverse('bays')}?centre={centre.pk}")
    shown = {"form": form, "centre": centre, "centres": centres, "bays": queries.bays_of(centre)}
    return respond(request, "planning/bays.html", shown)


@may(PLAN)
def bay(request: HttpRequest, key: int) -> HttpResponse:
    """Rename a bay, switch it off or on."""
    person = access.person(request)
    found = get_object_or_404(Bay.objects.filter(centre__in=person.centre_ids(PLAN)).select_related("centre"), pk=key)
    form = BayForm(request.POST or None, initial={"bay_name": found.name, "is_active": found.is_active})
    if form.is_valid():
        told = {"name": form.cleaned_data["bay_name"], "is_active": form.cleaned_data["is_active"]}
        try:
            actions.change_bay(bay=found, by=person, now=timezone.now(), **told)
        except Refusal as refusal:
            form.refuse(refusal, "bay_name")
        else:
            messages.success(request, words.say("planning.done.bay_changed"))
            return redirect(f"{reverse('bays')}?centre={found.centre_id}")
    return respond(request, "planning/bay.html", {"form": form, "bay": found})
