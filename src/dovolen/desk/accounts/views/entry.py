"""Coming in and going out: first run, log-in, second factor, passkey, invitation."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dovolen.desk.accounts import actions, keys, passkeys, queries
from dovolen.desk.accounts.forms import CodeForm, FirstRunForm, LogInForm, PasswordForm
from dovolen.desk.accounts.guessing import ADDRESS, TooManyGuesses, take
from dovolen.desk.accounts.models import Authenticator, Staff
from dovolen.desk.accounts.sessions import describe
from dovolen.desk.core import access
from dovolen.desk.core.access import SIGNED_IN, address_of, may, public
from dovolen.desk.core.answers import respond

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF_WAY = "half_way"
PASSKEY = "passkey"
HALF_WAY_SECONDS = 300


@public
@sensitive_post_parameters("new_password")
@never_cache
def first_run(request: HttpRequest) -> HttpResponse:
    """The first page of an empty house: the centre and its director. Gone for good afterwards."""
    if not queries.is_house_empty():
        raise Http404
    form = FirstRunForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        director = {"login": data["login"], "name": data["name"], "password": data["new_password"]}
        try:
            staff = actions.open_house(centre=form.facts(), now=timezone.now(), **director)
        except actions.AlreadyOpen as refusal:
            form.refuse(refusal)
        else:
            _come_in(request, staff, "password")
            return redirect("home")
    return respond(request, "accounts/first_run.html", {"form": form})


@public
@sensitive_post_parameters("password")
@never_cache
def log_in(request: HttpRequest) -> HttpResponse:
    """Login and password; who has a second factor is asked for it next."""
    if queries.is_house_empty():
        return redirect("first_run")
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LogInForm(request.POST or None)
    if form.is_valid():
        try:
            staff = actions.check_log_in(address=address_of(request), now=timezone.now(), **form.cleaned_data)
        except (actions.WrongPassword, TooManyGuesses) as refusal:
            form.refuse(refusal)
        else:
            if not Authenticator.objects.filter(staff=staff).exists():
                return _come_in(request, staff, "password")
            request.session[HALF_WAY] = {"staff": staff.pk, "at": timezone.now().timestamp(), "next": _next(request)}
            return redirect("log_in_code")
    return respond(request, "accounts/log_in.html", {"form": form, "next": _next(request)})


@public
@never_cache
def log_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right a moment ago."""
    staff = _half_way(request)
    if staff is None:
        return redirect("log_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            how = keys.check_code(staff=staff, code=form.cleaned_data["code"], now=timezone.now())
        except (keys.WrongCode, TooManyGuesses) as refusal:
            form.refuse(refusal, "code")
        else:
            return _come_in(request, staff, how, request.session[HALF_WAY]["next"])
    return respond(request, "accounts/log_in_code.html", {"form": form})


def _half_way(request: HttpRequest) -> Staff | None:
    kept = request.session.get(HALF_WAY)
    if not kept or timezone.now().timestamp() - kept["at"] > HALF_WAY_SECONDS:
        return None
    return Staff.objects.filter(pk=kept["staff"], is_active=True).first()


@public
@require_POST
@never_cache
def passkey_challenge(request: HttpRequest) -> JsonResponse:
    """What the device has to sign."""
    challenge = passkeys.ask_for_any(host=host_of(request))
    request.session[PASSKEY] = challenge.state
    return JsonResponse(challenge.options)


@public
@require_POST
@never_cache
def log_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """Come in by what the device signed."""
    try:
        take(ADDRESS, address_of(request), now=timezone.now())
        answer = answer_in(request)
        state = request.session.pop(PASSKEY, {})
        staff = keys.check_passkey(host=host_of(request), state=state, answer=answer, now=timezone.now())
    except (keys.KeyNotProven, TooManyGuesses) as refusal:
        form = LogInForm()
        problem = {"form": form, "next": _next(request), "problem": str(refusal)}
        return respond(request, "accounts/log_in.html", problem, status=403)
    return _come_in(request, staff, "passkey")


@may(SIGNED_IN)
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Go."""
    actions.note_signed_out(staff=access.person(request), now=timezone.now())
    auth.logout(request)
    return redirect("log_in")


@public
@sensitive_post_parameters("new_password")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody invited sets his password and is in; the link tells nothing once it is spent."""
    found = queries.invitation_of(token, now=timezone.now())
    if found is None:
        return respond(request, "accounts/link_spent.html", status=410)
    form = PasswordForm(request.POST or None, person=found.staff)
    if form.is_valid():
        password = form.cleaned_data["new_password"]
        try:
            staff = actions.accept(invitation=found, password=password, now=timezone.now())
        except actions.LinkSpent:
            return respond(request, "accounts/link_spent.html", status=410)
        if Authenticator.objects.filter(staff=staff).exists():
            return redirect("log_in")
        return _come_in(request, staff, "invitation")
    response = respond(request, "accounts/invitation.html", {"form": form, "person": found.staff})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _come_in(request: HttpRequest, staff: Staff, how: str, target: str = "") -> HttpResponse:
    """A new session with a new key, described so that its owner knows it."""
    target = target or _next(request)
    now = timezone.now()
    request.session.flush()
    auth.login(request, staff, backend=BACKEND)
    browser = request.headers.get("User-Agent", "")
    describe(request.session, address=address_of(request), browser=browser, now=now)
    actions.note_signed_in(staff=staff, how=how, now=now)
    return redirect(target)


def _next(request: HttpRequest) -> str:
    """Where he wanted to go, if it is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")


def host_of(request: HttpRequest) -> str:
    """The name that passkeys are bound to."""
    return request.get_host().partition(":")[0]


def answer_in(request: HttpRequest) -> dict[str, Any]:
    """What the device answered. Raises: KeyNotProven when it is none."""
    try:
        answer = json.loads(request.POST.get("answer", ""))
    except ValueError:
        raise keys.KeyNotProven from None
    if not isinstance(answer, dict):
        raise keys.KeyNotProven
    return answer
