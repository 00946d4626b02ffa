"""Notices, for those who set them up: which there are, on and off, standard words again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging import actions
from dovolen.desk.messaging.forms import cascade_said
from dovolen.desk.messaging.models import SENT_BY_GATEWAY, Notice, NoticeText
from dovolen.insight.words import LANGUAGES

RIGHT = "set up notices"


@may(RIGHT)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What clients are told by itself, in the order of an order's way."""
    own = set(NoticeText.objects.values_list("notice_id", flat=True))
    rows: list[dict[str, Any]] = [
        {
            "notice": one, "cascade": cascade_said(one.channels), "is_own": one.pk in own,
            "minutes": (one.after_hours or 0) * 60,
        }
        for one in Notice.objects.all()
    ]  # fmt: skip
    return respond(request, "messaging/notices.html", {"rows": rows, "n_on": sum(row["notice"].is_on for row in rows)})


@may(RIGHT)
@require_POST
def notice_switch(request: HttpRequest, code: str) -> HttpResponse:
    """Tell it no more, or again."""
    notice, on = get_object_or_404(Notice, code=code), request.POST.get("on") == "1"
    try:
        actions.set_up_notice(
            notice=notice, seen=notice.version, is_on=on, by=access.person(request), now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("notices.done.on" if on else "notices.done.off"))
    return redirect("notices")


@may(RIGHT)
@require_POST
def notice_standard(request: HttpRequest, code: str) -> HttpResponse:
    """The standard words of a channel and language again."""
    notice = get_object_or_404(Notice, code=code)
    channel, language = request.POST.get("channel", ""), request.POST.get("language", "")
    if channel not in SENT_BY_GATEWAY or language not in LANGUAGES:
        return redirect("notice", code)
    actions.reset_text(notice=notice, channel=channel, language=language, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("notices.done.standard"))
    return redirect(f"{reverse('notice', args=[code])}?channel={channel}&language={language}")
