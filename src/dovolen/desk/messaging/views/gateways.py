"""Gateways, for whoever sets up the house: which there are, how they are, one set up and tried."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.messaging.actions import gateways as actions
from dovolen.desk.messaging.actions.gateways import RIGHT
from dovolen.desk.messaging.doors import report_address
from dovolen.desk.messaging.forms_gateways import GatewayForm, TrialForm
from dovolen.desk.messaging.gateways import Outcome, Unreachable
from dovolen.desk.messaging.gateways.recipes import preset_text, presets
from dovolen.desk.messaging.models import CONSOLE, EMAIL, GATEWAY_KINDS, HTTP, SMPP, SMTP, Gateway
from dovolen.desk.messaging.queries import gateways as queries
from dovolen.desk.people import phones

ICONS = {CONSOLE: "device-mobile", HTTP: "send", SMPP: "server", SMTP: "mail"}
FIELD_OF = {
    actions.NameTaken: "name", actions.NoHost: "host", actions.NoSender: "sender", actions.BadRecipe: "recipe"
}  # fmt: skip


@may(RIGHT)
@require_safe
def gateways(request: HttpRequest) -> HttpResponse:
    """All of them, and what can be added."""
    rows = [{"standing": one, "icon": ICONS[one.gateway.kind]} for one in queries.standings()]
    ways = [{"way": code, "name": one.name, "kind": HTTP, "icon": ICONS[HTTP]} for code, one in presets().items()]
    ways += [
        {"way": kind, "name": words.say(f"gateways.kind.{kind}"), "kind": kind, "icon": ICONS[kind]}
        for kind in (SMPP, SMTP, HTTP, CONSOLE)
    ]
    return respond(request, "gateways/gateways.html", {"rows": rows, "ways": ways})


@may(RIGHT)
@once
def new_gateway(request: HttpRequest, way: str) -> HttpResponse:
    """A gateway of a provider that is known, or of a kind."""
    preset = way if way in presets() else ""
    kind = HTTP if preset else way
    if kind not in GATEWAY_KINDS:
        raise Http404
    form = GatewayForm(request.POST or None, kind=kind, preset=preset, initial=GatewayForm.fresh(kind, preset))
    if form.is_valid():
        try:
            made = actions.add_gateway(
                told=form.told(), secret=form.typed_secret, by=access.person(request), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal, _field(form, refusal))
        else:
            messages.success(request, words.say("gateways.done.added"))
            return redirect("gateway", made.pk)
    return respond(request, "gateways/gateway.html", _shown(form, kind, preset))


@may(RIGHT)
def gateway(request: HttpRequest, key: int) -> HttpResponse:
    """One: its settings, how it is, a trial, where reports come."""
    found = get_object_or_404(Gateway, pk=key)
    preset = str(found.settings.get("preset", ""))
    form = GatewayForm(
        request.POST or None,
        kind=found.kind,
        preset=preset,
        has_secret=bool(found.secret),
        initial=GatewayForm.of(found),
    )
    if form.is_valid():
        try:
            actions.change_gateway(
                gateway=found, seen=form.seen, told=form.told(), secret=form.typed_secret, by=access.person(request),
                now=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal, _field(form, refusal))
        else:
            messages.success(request, words.say("gateways.done.changed"))
            return redirect("gateway", key)
    return respond(request, "gateways/gateway.html", _shown(form, found.kind, preset) | _about(found))


def _field(form: GatewayForm, refusal: Refusal) -> str | None:
    name = FIELD_OF.get(type(refusal))
    return name if name in form.fields else None


def _shown(form: GatewayForm, kind: str, preset: str) -> dict[str, Any]:
    known = presets().get(preset)
    return {
        "form": form, "kind": kind, "provider": known, "preset_text": preset_text(preset),
        "title": known.name if known else words.say(f"gateways.kind.{kind}"),
    }  # fmt: skip


def _about(found: Gateway) -> dict[str, Any]:
    standing = next(one for one in queries.standings() if one.gateway.pk == found.pk)
    return {
        "gateway": found, "standing": standing, "title": found.name, "trial": TrialForm(auto_id="trial_%s"),
        "prevents": queries.prevents_doubles(found),
        "report_address": report_address(found) if queries.hears_by_http(found) else "",
    }  # fmt: skip


@may(RIGHT)
@require_POST
def gateway_switch(request: HttpRequest, key: int) -> HttpResponse:
    """Messages go by it, or no more."""
    found, on = get_object_or_404(Gateway, pk=key), request.POST.get("on") == "1"
    actions.switch_gateway(gateway=found, on=on, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("gateways.done.on" if on else "gateways.done.off"))
    return redirect("gateway", key)


@may(RIGHT)
@require_POST
def gateway_place(request: HttpRequest, key: int) -> HttpResponse:
    """Messages of its channel go by this one."""
    found = get_object_or_404(Gateway, pk=key)
    actions.put_first(gateway=found, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("gateways.done.first"))
    return redirect("gateway", key)


@may(RIGHT)
@require_POST
def gateway_report_address(request: HttpRequest, key: int) -> HttpResponse:
    """Another address for reports."""
    found = get_object_or_404(Gateway, pk=key)
    actions.renew_report_address(gateway=found, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("gateways.done.renewed"))
    return redirect("gateway", key)


@may(RIGHT)
@require_POST
def gateway_trial(request: HttpRequest, key: int) -> HttpResponse:
    """Send one message and say what became of it."""
    found, form = get_object_or_404(Gateway, pk=key), TrialForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.say(actions.NoAddress.key))
        return redirect("gateway", key)
    typed = form.cleaned_data["address"].strip()
    address = typed if found.channel == EMAIL else phones.normal(typed) or typed
    try:
        outcome = actions.try_gateway(gateway=found, address=address, by=access.person(request), now=timezone.now())
    except Unreachable as error:
        lasting = "lasting" if error.is_permanent else "passing"
        messages.error(request, words.say(f"gateways.trial.{lasting}", detail=error.detail))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, outcome)
    return redirect("gateway", key)


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    is_well = outcome.state in queries.WENT
    say = messages.success if is_well else messages.error
    say(request, words.say(f"gateways.trial.{'sent' if is_well else outcome.state}", detail=outcome.detail))
