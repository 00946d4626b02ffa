"""The page of an order: everything about it, and what is told of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.forms.order import DetailsForm, DiagnosisForm, NoteForm, PasswordForm, TechnicianForm
from dovolen.desk.orders.queries.page import flags, latest_event, page_of, technicians_of
from dovolen.desk.orders.views import sheets
from dovolen.desk.orders.views.shown import chip_of, keys_shown, moments, steps_shown

FRESH_SECONDS = 300
"""However quiet an order is, its clocks are drawn anew so often."""


@may("see orders")
@require_safe
def order(request: HttpRequest, number: int) -> HttpResponse:
    """One order with all that can be done with it."""
    now, person = timezone.now(), access.person(request)
    one = sheets.found(request, number)
    page = page_of(one, person, now)
    group = request.GET.get("events", "")
    shown: dict[str, Any] = {
        "page": page,
        "order": one,
        "may": page.may,
        "stage": chip_of(one),
        "steps": steps_shown(page),
        "events": moments(page, group),
        "groups": queries.GROUPS,
        "group": group,
        "note": NoteForm(),
        "page_keys": keys_shown(),
        "seen_until": _fingerprint(one.latest_event),  # type: ignore[attr-defined]
        "is_urgent": page.is_urgent,
        "may_go": page.following is not None and actions.may_move(person, page.following, one.centre_id),
        "following": queries.stage_name(page.following) if page.following else "",
    }
    response = respond(request, "orders/order.html", shown)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@may("see orders")
@require_safe
def pulse(request: HttpRequest, number: int) -> HttpResponse:
    """Whether anything happened since: 304 while nothing did, 204 when the page is worth asking for again."""
    latest = latest_event(access.person(request), number)
    if latest is None:
        raise Http404
    etag = quote_etag(_fingerprint(latest))
    status = 304 if request.headers.get("If-None-Match") == etag else 204
    return HttpResponse(status=status, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def _fingerprint(latest: int) -> str:
    return f"{latest}-{int(timezone.now().timestamp()) // FRESH_SECONDS}"


@may("see orders")
def details(request: HttpRequest, number: int) -> HttpResponse:
    """What was told and seen at intake."""
    one = sheets.found(request, number, "work")
    at_desk = flags(access.person(request), one)["take_in"]
    form = DetailsForm(request.POST or None, order=one, at_desk=at_desk, initial={"version": one.version})

    def act() -> None:
        actions.change_order(order=one, seen=form.seen, by=access.person(request), now=timezone.now(), **form.values())

    return sheets.sheet(request, one, "details", form, act)


@may("see orders")
def diagnosis(request: HttpRequest, number: int) -> HttpResponse:
    """What was found."""
    one = sheets.found(request, number, "work")
    form = DiagnosisForm(request.POST or None, initial={"version": one.version, "diagnosis": one.diagnosis})

    def act() -> None:
        actions.change_order(order=one, seen=form.seen, by=access.person(request), now=timezone.now(), **form.values())

    return sheets.sheet(request, one, "diagnosis", form, act)


@may("see orders")
def technician(request: HttpRequest, number: int) -> HttpResponse:
    """Who works on it; a technician may take it for himself."""
    person = access.person(request)
    one = sheets.found(request, number, "plan", "repair")
    others = flags(person, one)["plan"]
    choices = technicians_of(one.centre) if others else [person]
    form = TechnicianForm(
        request.POST or None, technicians=choices, initial={"technician": one.technician_id or person.pk}
    )
    by_key = {str(one.pk): one for one in choices}

    def act() -> None:
        chosen = by_key.get(form.cleaned_data["technician"])
        actions.assign(order=one, technician=chosen, by=person, now=timezone.now())

    return sheets.sheet(request, one, "technician", form, act)


@may("see orders")
@once
def notes(request: HttpRequest, number: int) -> HttpResponse:
    """Something worth knowing, written to the order; also after it was handed over."""
    one = sheets.found(request, number)
    form = NoteForm(request.POST or None)

    def act() -> None:
        actions.add_note(order=one, text=form.cleaned_data["text"], by=access.person(request), now=timezone.now())

    return sheets.sheet(request, one, "note", form, act)


@may("see device passwords")
@never_cache
@require_POST
def password(request: HttpRequest, number: int) -> HttpResponse:
    """Show the password of the device; the journal keeps who looked."""
    one = sheets.found(request, number, "passwords")
    told = actions.reveal_password(order=one, by=access.person(request), now=timezone.now())
    return respond(request, "orders/password.html", {"order": one, "password": told})


@may("see orders")
@never_cache
def new_password(request: HttpRequest, number: int) -> HttpResponse:
    """Write down the password of the device, or forget it."""
    one = sheets.found(request, number, "work")
    form = PasswordForm(request.POST or None)

    def act() -> None:
        actions.set_password(
            order=one, password=form.cleaned_data["device_password"], by=access.person(request), now=timezone.now()
        )

    return sheets.sheet(request, one, "new_password", form, act)
