"""Staff and centres, for those who run them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import actions, keys, queries
from dovolen.desk.accounts.forms import CentreFields, InvitationForm, PlacesForm
from dovolen.desk.accounts.models import Authenticator, Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond


@may("see staff")
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    person: Any = request.user
    shown = {"people": queries.colleagues(person), "may_manage": person.may("manage staff")}
    return respond(request, "accounts/staff.html", shown)


@may("manage staff")
@never_cache
def new_staff(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    person: Any = request.user
    form = InvitationForm(request.POST or None, centres=queries.centres_managed_by(person))
    if form.is_valid():
        data = form.cleaned_data
        try:
            invited = actions.invite(
                login=data["login"], name=data["name"], places=form.places(), by=person, now=timezone.now()
            )
        except actions.LoginTaken as refusal:
            form.refuse(refusal, "login")
        else:
            return _link_page(request, invited)
    return respond(request, "accounts/new_staff.html", {"form": form})


def _link_page(request: HttpRequest, invited: actions.Invited) -> HttpResponse:
    link = request.build_absolute_uri(reverse("invitation", args=[invited.token]))
    return respond(request, "accounts/link.html", {"person": invited.staff, "link": link})


def _managed(request: HttpRequest, key: int) -> Staff:
    return get_object_or_404(Staff.objects.manageable_by(access.person(request)), pk=key)


@may("manage staff")
def colleague(request: HttpRequest, key: int) -> HttpResponse:
    """A person's name and roles; his link, his second factor, on and off."""
    person = _managed(request, key)
    centres = queries.centres_managed_by(access.person(request))
    form = PlacesForm(request.POST or None, centres=centres, initial=PlacesForm.of(person))
    if form.is_valid():
        name, places = form.cleaned_data["name"], form.places()
        try:
            actions.set_places(staff=person, name=name, places=places, by=access.person(request), now=timezone.now())
        except (actions.LastDirector, actions.NotYours) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("accounts.done.places"))
            return redirect("staff")
    has_factor = Authenticator.objects.filter(staff=person).exists()
    return respond(request, "accounts/colleague.html", {"form": form, "person": person, "has_factor": has_factor})


@may("manage staff")
@require_POST
@never_cache
def new_link(request: HttpRequest, key: int) -> HttpResponse:
    """A new link for somebody who lost his, or forgot his password."""
    return _link_page(
        request, actions.renew_link(staff=_managed(request, key), by=access.person(request), now=timezone.now())
    )


@may("manage staff")
@require_POST
def factor_off(request: HttpRequest, key: int) -> HttpResponse:
    """Switch off the second factor of somebody who lost his phone and his recovery codes."""
    keys.remove_authenticator(staff=_managed(request, key), by=access.person(request), now=timezone.now())
    messages.success(request, words.say("accounts.done.authenticator_off"))
    return redirect("colleague", key)


@may("manage staff")
@require_POST
def switch(request: HttpRequest, key: int) -> HttpResponse:
    """Let somebody in no more, or again."""
    person = _managed(request, key)
    on = request.POST.get("on") == "1"
    try:
        actions.switch(staff=person, on=on, by=access.person(request), now=timezone.now())
    except actions.LastDirector as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("accounts.done.switched_on" if on else "accounts.done.switched_off"))
    return redirect("colleague", key)


@may("manage centres")
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """Centres one manages."""
    found = queries.centres_managed_by(access.person(request), "manage centres")
    unread = {place.pk for place in found if not Opening.of(place).is_read}
    return respond(request, "accounts/centres.html", {"centres": found, "unread": unread})


@may("manage centres")
def new_centre(request: HttpRequest) -> HttpResponse:
    """Open another centre."""
    form = CentreFields(request.POST or None)
    if form.is_valid():
        try:
            actions.open_centre(by=access.person(request), now=timezone.now(), **form.facts())
        except actions.NameTaken as refusal:
            form.refuse(refusal, "centre_name")
        else:
            messages.success(request, words.say("accounts.done.centre_opened"))
            return redirect("centres")
    return respond(request, "accounts/centre.html", {"form": form})


@may("manage centres")
def centre(request: HttpRequest, key: int) -> HttpResponse:
    """Change what is told of a centre."""
    person: Any = request.user
    place = get_object_or_404(Centre.objects.filter(pk__in=person.centre_ids("manage centres")), pk=key)
    form = CentreFields(request.POST or None, initial=CentreFields.of(place))
    if form.is_valid():
        try:
            actions.change_centre(centre=place, by=person, now=timezone.now(), **form.facts())
        except actions.NameTaken as refusal:
            form.refuse(refusal, "centre_name")
        else:
            messages.success(request, words.say("accounts.done.centre_changed"))
            return redirect("centres")
    shown = {"form": form, "place": place, "are_hours_read": Opening.of(place).is_read}
    return respond(request, "accounts/centre.html", shown)
