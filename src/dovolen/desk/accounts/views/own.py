"""One's own account: how the desk looks, password, second factor, passkeys, sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import actions, codes, keys, passkeys, queries
from dovolen.desk.accounts.forms import (
    AuthenticatorForm,
    ChangePasswordForm,
    ConfirmForm,
    PasskeyForm,
    PreferencesForm,
)
from dovolen.desk.accounts.guessing import TooManyGuesses
from dovolen.desk.accounts.models import Authenticator, Passkey, RecoveryCode, Session
from dovolen.desk.accounts.sessions import SessionStore
from dovolen.desk.accounts.views.entry import PASSKEY, answer_in, host_of
from dovolen.desk.core import words
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.answers import respond

SECRET = "new_authenticator"
CODES = "fresh_recovery_codes"
Refused = (actions.PasswordNotOurs, TooManyGuesses)


def me(request: HttpRequest) -> Any:
    """Who asks."""
    return request.user


def own_digest(request: HttpRequest) -> str:
    """By what the base knows this session."""
    return SessionStore.digest(request.session.session_key)


@may(SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, theme, letter keys; and where password, second factor and passkeys are."""
    person = me(request)
    fields = ("name", "language", "theme", "uses_letter_keys")
    form = PreferencesForm(request.POST or None, initial={name: getattr(person, name) for name in fields})
    if form.is_valid():
        actions.set_preferences(staff=person, now=timezone.now(), **form.cleaned_data)
        with translation.override(person.language or translation.get_language()):
            messages.success(request, words.say("accounts.done.preferences"))
        return redirect("profile")
    shown = {
        "form": form,
        "authenticator": Authenticator.objects.filter(staff=person).first(),
        "n_codes": RecoveryCode.objects.filter(staff=person).count(),
        "passkeys": Passkey.objects.filter(staff=person).order_by("added_at", "pk"),
    }
    return respond(request, "accounts/profile.html", shown)


@may(SIGNED_IN)
@sensitive_post_parameters("password", "new_password")
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """A new password; all other sessions end."""
    form = ChangePasswordForm(request.POST or None, person=me(request))
    if form.is_valid():
        now = timezone.now()
        try:
            actions.confirm(staff=me(request), password=form.cleaned_data["password"], now=now)
        except Refused as refusal:
            form.refuse(refusal, "password")
        else:
            fresh = form.cleaned_data["new_password"]
            actions.change_password(staff=me(request), password=fresh, keep=own_digest(request), now=now)
            auth.update_session_auth_hash(request, me(request))
            messages.success(request, words.say("accounts.done.password"))
            return redirect("profile")
    return respond(request, "accounts/password.html", {"form": form})


@may(SIGNED_IN)
@sensitive_post_parameters("password")
@never_cache
def authenticator(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on: a code to photograph, six digits to prove it, the password."""
    secret = request.session.setdefault(SECRET, codes.new_secret())
    form = AuthenticatorForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        try:
            actions.confirm(staff=me(request), password=form.cleaned_data["password"], now=now)
            fresh = keys.add_authenticator(staff=me(request), secret=secret, code=form.cleaned_data["code"], now=now)
        except Refused as refusal:
            form.refuse(refusal, "password")
        except keys.WrongCode as refusal:
            form.refuse(refusal, "code")
        else:
            del request.session[SECRET]
            return respond(request, "accounts/recovery_codes.html", {"codes": fresh})
    address = codes.address_of(secret, login=me(request).login, issuer=words.say("shell.product"))
    return respond(request, "accounts/authenticator.html", {"form": form, "secret": secret, "qr": _qr(address)})


def _qr(text: str) -> str:
    drawing = segno.make(text, micro=False)
    return mark_safe(drawing.svg_inline(omitsize=True, border=0, svgclass="dv-qr", lineclass="dv-qr-line"))


@may(SIGNED_IN)
@sensitive_post_parameters("password")
@never_cache
def authenticator_off(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off."""
    get_object_or_404(Authenticator, staff=me(request))
    form = ConfirmForm(request.POST or None)
    if _is_confirmed(request, form):
        keys.remove_authenticator(staff=me(request), by=me(request), now=timezone.now())
        messages.success(request, words.say("accounts.done.authenticator_off"))
        return redirect("profile")
    return respond(request, "accounts/confirm.html", {"form": form, "what": "authenticator_off"})


@may(SIGNED_IN)
@sensitive_post_parameters("password")
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the earlier ones."""
    get_object_or_404(Authenticator, staff=me(request))
    form = ConfirmForm(request.POST or None)
    if _is_confirmed(request, form):
        fresh = keys.renew_recovery_codes(staff=me(request), now=timezone.now())
        return respond(request, "accounts/recovery_codes.html", {"codes": fresh})
    return respond(request, "accounts/confirm.html", {"form": form, "what": "recovery_codes"})


def _is_confirmed(request: HttpRequest, form: ConfirmForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.confirm(staff=me(request), password=form.cleaned_data["password"], now=timezone.now())
    except Refused as refusal:
        form.refuse(refusal, "password")
        return False
    return True


@may(SIGNED_IN)
@never_cache
def new_passkey(request: HttpRequest) -> HttpResponse:
    """A new passkey: its name and the password; then the device is asked."""
    if request.method != "POST":
        return respond(request, "accounts/new_passkey.html", {"form": PasskeyForm()})
    asked = request.session.pop(PASSKEY, None) or {"state": {}, "name": ""}
    try:
        keys.add_passkey(
            staff=me(request), name=asked["name"], host=host_of(request), state=asked["state"],
            answer=answer_in(request), now=timezone.now(),
        )  # fmt: skip
    except (keys.KeyNotProven, keys.KeyKnown) as refusal:
        shown = {"form": PasskeyForm(), "problem": str(refusal)}
        return respond(request, "accounts/new_passkey.html", shown, status=409)
    messages.success(request, words.say("accounts.done.passkey"))
    return redirect("profile")


@may(SIGNED_IN)
@sensitive_post_parameters("password")
@require_POST
@never_cache
def new_passkey_challenge(request: HttpRequest) -> JsonResponse:
    """What the device has to sign to make a key; the password is asked here, the key is made by whoever knows it."""
    form = PasskeyForm(request.POST)
    if not _is_confirmed(request, form):
        told = next(iter(error for errors in form.errors.values() for error in errors))
        return JsonResponse({"error": told}, status=400)
    person = me(request)
    known = [bytes(held) for held in person.passkeys.values_list("credential", flat=True)]
    challenge = passkeys.ask_for_new(
        host=host_of(request), user_id=person.pk, login=person.login, name=person.name, known=known
    )
    request.session[PASSKEY] = {"state": challenge.state, "name": form.cleaned_data["key_name"]}
    return JsonResponse(challenge.options)


@may(SIGNED_IN)
@sensitive_post_parameters("password")
@never_cache
def passkey_off(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a passkey."""
    passkey = get_object_or_404(Passkey, pk=key, staff=me(request))
    form = ConfirmForm(request.POST or None)
    if _is_confirmed(request, form):
        keys.remove_passkey(passkey=passkey, by=me(request), now=timezone.now())
        messages.success(request, words.say("accounts.done.passkey_off"))
        return redirect("profile")
    return respond(request, "accounts/confirm.html", {"form": form, "what": "passkey_off", "named": passkey.name})


@may(SIGNED_IN)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    found = queries.sessions_of(me(request), now=timezone.now())
    return respond(request, "accounts/sessions.html", {"sessions": found, "own": own_digest(request)})


@may(SIGNED_IN)
@require_POST
def session_end(request: HttpRequest, number: UUID) -> HttpResponse:
    """End one session."""
    session = get_object_or_404(Session.objects.visible_to(me(request)), number=number)
    actions.end_session(session=session, by=me(request), now=timezone.now())
    messages.success(request, words.say("accounts.done.session_ended"))
    return redirect("sessions")


@may(SIGNED_IN)
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    n = actions.end_other_sessions(keep=own_digest(request), by=me(request), now=timezone.now())
    messages.success(request, words.current().count("accounts.done.sessions_ended", n))
    return redirect("sessions")
