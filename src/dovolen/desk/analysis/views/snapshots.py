"""Snapshots of the base: kept ones, a new one on demand, any two beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import actions
from dovolen.desk.analysis.models import ASKED, DONE, PREVIEW, Snapshot
from dovolen.desk.analysis.queries import compared as pairs
from dovolen.desk.analysis.views.compared import between
from dovolen.desk.analysis.views.shown import RIGHT, Shown, shown
from dovolen.desk.core import words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once

PAGE = 60
STATES = {"done": ("circle-check", "good"), "failed": ("alert-octagon", "bad"), "running": ("hourglass", "fair"),
          "wanted": ("clock", "mute")}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One snapshot of the list."""

    snapshot: Snapshot
    icon: str
    tone: str
    seconds: int | None
    why: str


@may(RIGHT)
@once
def snapshots(request: HttpRequest) -> HttpResponse:
    """Kept snapshots; sent, it asks for a new one."""
    seen = shown(request)
    if request.method == "POST":
        return _asked(request, seen)
    rows = Snapshot.objects.none()
    if seen.scope is not None:
        rows = Snapshot.objects.filter(centre=seen.scope.centre).exclude(cause=PREVIEW).select_related("asked_by")
    found = [_row(one) for one in rows.defer("population", "meta").order_by("-day", "-pk")[:PAGE]]
    is_busy = any(row.snapshot.state in ("wanted", "running") for row in found)
    n_kept = sum(row.snapshot.state == DONE and row.snapshot.has_rows for row in found)
    told = {"shown": seen, "chapter": "snapshots", "rows": found, "is_busy": is_busy, "is_comparable": n_kept > 1}
    return respond(request, "analysis/snapshots.html", told)


def _row(one: Snapshot) -> Row:
    icon, tone = STATES[one.state]
    spent = (one.done_at - one.began_at).total_seconds() if one.done_at and one.began_at else None
    key = one.refusal.get("key") or "study.none.failed_text"
    why = words.say(key, **one.refusal.get("values", {})) if one.state == "failed" else ""
    return Row(one, icon, tone, None if spent is None else max(1, round(spent)), why)


def _asked(request: HttpRequest, seen: Shown) -> HttpResponse:
    """A new one is wanted; whoever asked goes back where he stood."""
    wanted = request.POST.get("scope", "")
    scope = next((one for one in seen.scopes if one.key == wanted), seen.scope)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    if scope is not None:
        try:
            actions.ask(centre=scope.centre, cause=ASKED, by=seen.person, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, words.say("study.snapshots.asked"))
    return redirect(back if is_ours else "snapshots")


@may(RIGHT)
@require_safe
def compared(request: HttpRequest) -> HttpResponse:
    """Two kept snapshots of a scope: the cascade and the movement between them."""
    seen = shown(request)
    context: dict[str, Any] = {"shown": seen, "chapter": "compared"}
    if seen.snapshot is not None:
        context |= _between(seen, seen.snapshot)
    return respond(request, "analysis/compared.html", context)


def _between(seen: Shown, latest: Snapshot) -> dict[str, Any]:
    days: dict[str, Snapshot] = {}
    for one in pairs.kept(latest)[: pairs.MOST]:
        days.setdefault(one.day.isoformat(), one)
    listed = list(days.values())
    since = days.get(seen.request.GET.get("since", "")) or (listed[-1] if listed else None)
    until = days.get(seen.request.GET.get("until", "")) or (listed[0] if listed else None)
    told: dict[str, Any] = {"days": listed, "since": since, "until": until, "panels": []}
    if since is None or until is None or since.day == until.day:
        return told
    earlier, later = sorted((since, until), key=lambda one: (one.day, one.pk))
    study, gone = between(seen, earlier, later)
    cards = [
        seen.card(study, key, wide, since=earlier.day.isoformat(), day=later.day.isoformat())
        for key, wide in (("cascade.steps", 7), ("rfm.movement", 5), ("rfm.segment_movement", 12))
    ]
    return told | {
        "since": earlier, "until": later, "panels": [card for card in cards if card is not None],
        "gone": gone,
    }  # fmt: skip
