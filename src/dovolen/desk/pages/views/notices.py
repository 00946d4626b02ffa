"""A notice: when and by what it goes, its words, and how they read on a real order."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging import actions, looking, texts, wording
from dovolen.desk.messaging.forms import NoticeForm, TextForm
from dovolen.desk.messaging.models import CALL, Notice
from dovolen.desk.orders import telling
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import SERVICE
from dovolen.desk.people.queries import key_of
from dovolen.insight.words import LANGUAGES

RIGHT = "set up notices"
TOKEN = re.compile(r"(?<=/c/)[^/]+")
"""What opens the client's page: it is not for those who look at texts."""


@may(RIGHT)
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """When and by what it goes; below, its words."""
    one = get_object_or_404(Notice, code=code)
    kept = {"is_on": one.is_on, "cascade": " ".join(one.channels), "after_hours": one.after_hours}
    form = NoticeForm(
        request.POST or None, initial=kept | {"version": one.version}, is_series=one.after_hours is not None
    )
    if form.is_valid():
        try:
            actions.set_up_notice(
                notice=one, seen=form.seen, by=access.person(request), now=timezone.now(), **form.facts()
            )
        except (Stale, actions.NoChannel) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("notices.done.saved"))
            return redirect("notice", code)
    return _page(request, one, form=form)


@may(RIGHT)
@require_http_methods(["GET", "POST"])
def notice_text(request: HttpRequest, code: str, channel: str, language: str) -> HttpResponse:
    """Its words in a channel and language; asked to `look`, it shows them and writes nothing."""
    one = get_object_or_404(Notice, code=code)
    if not _is_written(one, channel, language):
        return redirect("notice", code)
    kept = wording.wordings(one, language)[channel]
    text = {"body": kept.body, "subject": kept.subject, "seen": kept.version}
    form = TextForm(request.POST or None, initial=text, channel=channel)
    is_looking = "look" in request.POST or "HX-Request" in request.headers
    if not is_looking and form.is_valid():
        try:
            actions.write_text(
                notice=one, channel=channel, language=language, by=access.person(request), now=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("notices.done.saved"))
            return redirect("notice_text", code, channel, language)
    return _text_page(request, one, form, channel, language, is_own=kept.is_own)


def _is_written(one: Notice, channel: str, language: str) -> bool:
    return channel in one.channels and channel != CALL and language in LANGUAGES


def _page(request: HttpRequest, one: Notice, *, form: NoticeForm) -> HttpResponse:
    own = set(one.texts.values_list("channel", "language"))
    ways = [
        _way(one, channel, language, is_own=(channel, language) in own)
        for channel in one.channels
        if channel != CALL
        for language in LANGUAGES
    ]
    return respond(request, "messaging/notice.html", {"notice": one, "form": form, "ways": ways})


def _way(one: Notice, channel: str, language: str, *, is_own: bool) -> dict[str, Any]:
    text = wording.wordings(one, language)[channel]
    advertises = one.purpose == SERVICE and bool(texts.advertises(f"{text.subject}\n{text.body}"))
    return {"channel": channel, "language": language, "is_own": is_own, "text": text.body, "advertises": advertises}


def _text_page(
    request: HttpRequest, one: Notice, form: TextForm, channel: str, language: str, *, is_own: bool
) -> HttpResponse:
    order = _order(access.person(request), request.POST.get("order", "") or request.GET.get("order", ""))
    seen = looking.look(
        form.typed("body"), subject=form.typed("subject"), values=_values(order, language), code=one.code,
        channel=channel, purpose=one.purpose,
    )  # fmt: skip
    told = {
        "notice": one, "form": form, "channel": channel, "language": language, "is_own": is_own, "look": seen,
        "order": order, "placeholders": [(f"{{{name}}}", name) for name in texts.allowed_in(one.code)],
        "address": reverse("notice_text", args=[one.code, channel, language]),
    }  # fmt: skip
    return respond(request, "messaging/notice_text.html", told)


def _order(person: Staff, number: str) -> RepairOrder | None:
    """The order that the words are tried on: the one that is asked for, else the latest that he sees."""
    seen = RepairOrder.objects.visible_to(person).select_related("customer", "centre", "asset", "category", "stage")
    asked = seen.filter(number=key_of(number)).first() if number else None
    return asked or seen.order_by("-accepted_at", "-pk").first()


def _values(order: RepairOrder | None, language: str) -> dict[str, Any]:
    """What the placeholders would say of it; where nothing was taken in yet, made-up values."""
    speaker = words.in_language(language)
    sample = {name: speaker.say(f"notices.sample.{name}") for name in texts.PLACEHOLDERS}
    if order is None:
        return sample
    with transaction.atomic(), translation.override(language):
        told = telling.values_of(order, timezone.now())
        transaction.set_rollback(True)  # it would make the client's link: a look leaves nothing
    told["link"] = TOKEN.sub(lambda token: "x" * len(token[0]), told["link"])
    made_up = {"part": sample["part"]}
    return made_up | wording.values_of(order.customer, order.centre, language) | told
