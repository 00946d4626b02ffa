"""The telephone of the client as the console gateway plays it: what he got, with an answer of his."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.messaging.actions.reports import hear_answer
from dovolen.desk.messaging.forms_gateways import AnswerForm
from dovolen.desk.messaging.queries.gateways import Bubble, Phone, phones

SEE, SEND = "see messages", "send messages"
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?»)]")
"""Up to the sign that ends a sentence."""


@may(SEE)
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Telephones and mailboxes that were written to, one of them opened."""
    person = access.person(request)
    found = phones(person, request.GET.get("address", ""))
    chosen = next((one for one in found if one.bubbles), None)
    told = {
        "phones": found, "chosen": chosen, "bubbles": [_parts(one) for one in chosen.bubbles] if chosen else [],
        "form": AnswerForm(initial={"address": chosen.address}) if chosen and person.may(SEND) else None,
    }  # fmt: skip
    return respond(request, "gateways/phone.html", told)


def _parts(bubble: Bubble) -> dict[str, Any]:
    """A bubble, its text cut at its links."""
    parts, end = [], 0
    for found in LINK.finditer(bubble.text):
        parts += [{"text": bubble.text[end : found.start()]}, {"text": found[0], "url": found[0]}]
        end = found.end()
    return {"bubble": bubble, "parts": [*parts, {"text": bubble.text[end:]}]}


@may(SEND)
@require_POST
@once
def phone_answer(request: HttpRequest) -> HttpResponse:
    """What the client answers from this telephone comes into the inbox, as from a gateway."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.say("phone.refused.empty"))
        return redirect("phone")
    chosen = _phone(request, form.cleaned_data["address"])
    if chosen is None:
        messages.error(request, words.say("phone.refused.unknown"))
        return redirect("phone")
    hear_answer(
        gateway=chosen.gateway, ref=uuid4().hex, address=chosen.address, text=form.cleaned_data["text"],
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, words.say("phone.done"))
    return redirect(f"{reverse('phone')}?{urlencode({'address': chosen.address})}")


def _phone(request: HttpRequest, address: str) -> Phone | None:
    return next((one for one in phones(access.person(request), address) if one.address == address), None)
