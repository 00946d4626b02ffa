"""Messages that went, wait or were refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging import actions, shown
from dovolen.desk.messaging.forms import JournalForm
from dovolen.desk.messaging.models import QUEUED, UNCLEAR, Message
from dovolen.desk.messaging.queries import journal

SEE, SEND = "see messages", "send messages"


@may(SEE)
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first."""
    person, now = access.person(request), timezone.now()
    asked = journal.MessageFilter.of(request.GET)
    page = journal.messages(person, asked, request.GET.get("cursor", ""))
    later = f"?{'&'.join(filter(None, [asked.query, f'cursor={page.later}']))}" if page.later else ""
    told = {
        "rows": [_row(one, now) for one in page.rows], "later": later, "form": JournalForm(vars(asked)),
        "is_narrowed": bool(asked.query), "n_unclear": journal.n_unclear(person),
        "may_open": person.may("see customers"), "trouble": journal.TROUBLE, "may_set_up": person.may("set up notices"),
        "plays_phone": journal.plays_phone(),
    }  # fmt: skip
    return respond(request, "messaging/messages.html", told)


def _row(message: Message, now: datetime) -> dict[str, Any]:
    return {
        "message": message, "chip": shown.delivery(message.state), "picture": shown.PICTURES[message.channel],
        "until": journal.waits_until(message, now),
    }  # fmt: skip


@may(SEE)
@require_safe
def message(request: HttpRequest, key: int) -> HttpResponse:
    """One: its words, what became of it and why, what was tried before and after."""
    person, one = access.person(request), _found(request, key)
    told = _row(one, timezone.now()) | {
        "chain": [{"message": tried, "chip": shown.delivery(tried.state)} for tried in journal.chain(one)],
        "may_act": person.may(SEND, one.centre), "may_open": person.may("see customers", one.centre),
        "is_unclear": one.state == UNCLEAR, "is_waiting": one.state == QUEUED,
    }  # fmt: skip
    return respond(request, "messaging/message.html", told)


@may(SEND)
@require_POST
def message_again(request: HttpRequest, key: int) -> HttpResponse:
    """Nobody knows whether it went: once more."""
    return _done(request, key, actions.send_again, "again")


@may(SEND)
@require_POST
def message_sent(request: HttpRequest, key: int) -> HttpResponse:
    """Nobody knew whether it went: it did."""
    return _done(request, key, actions.call_it_sent, "sent")


@may(SEND)
@require_POST
def message_cancelled(request: HttpRequest, key: int) -> HttpResponse:
    """It is not to go any more."""
    return _done(request, key, actions.cancel, "cancelled")


def _done(request: HttpRequest, key: int, act: Callable[..., None], done: str) -> HttpResponse:
    try:
        act(message=_found(request, key), by=access.person(request), now=timezone.now())
    except Refusal as refusal:
        toasts.error(request, str(refusal))
    else:
        toasts.success(request, words.say(f"messages.done.{done}"))
    return redirect("message", key)


def _found(request: HttpRequest, key: int) -> Message:
    return get_object_or_404(journal.seen_by(access.person(request)).select_related("gateway", "instead_of"), pk=key)
