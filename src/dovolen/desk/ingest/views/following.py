"""How an import goes: what the check found, how far the loading is, what became of it, undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.ingest import actions, queries
from dovolen.desk.ingest.models import CHECKED, DONE, FAILED, MAPPED, RIGHT, UNDONE, Import
from dovolen.desk.ingest.views import shown

COUNTED = ("rows", "create", "update", "match", "reject")


@may(RIGHT)
def one_import(request: HttpRequest, key: int) -> HttpResponse:
    """Where it stands; while it is at work the page asks again by itself. A POST stops it."""
    source = shown.found(request, key)
    if request.method == "POST":
        _done(request, lambda **who: actions.stop(source=source, **who))
        return redirect("import", source.pk)
    if "HX-Request" in request.headers and request.GET.get("state", source.state) != source.state:
        response = HttpResponse()
        response["HX-Redirect"] = shown.next_place(source)
        return response
    if source.state in (MAPPED, CHECKED) and not shown.is_stopped(source):
        return redirect(shown.next_place(source))
    is_over = source.state in (DONE, UNDONE, FAILED) or shown.is_stopped(source)
    more = {"made": _made(source), "reasons": _reasons(queries.reasons(source))} if is_over else {}
    may_see = access.person(request).may("see the base")
    more |= {"base_url": reverse("base") if may_see else ""}
    more |= {"bars": shown.bars(source), "may_map": source.state == FAILED and source.mapping and not source.progress}
    return respond(request, "ingest/import.html", shown.told(source, **more))


def _made(source: Import) -> list[tuple[str, dict[str, int]]]:
    speaker = words.current()
    return [(speaker.name("import.table", table), told) for table, told in queries.made(source).items()]


def _reasons(told: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(code, shown.reason_of(code), n) for code, n in told.items()]


@may(RIGHT)
def check(request: HttpRequest, key: int) -> HttpResponse:
    """What would be made, changed and refused; sent, it is loaded."""
    source = shown.found(request, key)
    if source.state != CHECKED:
        return redirect(shown.next_place(source))
    if request.method == "POST":
        _done(request, lambda **who: actions.ask_load(source=source, **who))
        return redirect("import", source.pk)
    return respond(request, "ingest/check.html", shown.told(source, **_found(source)))


def _found(source: Import) -> dict[str, Any]:
    """What the check found, as people read it."""
    found, speaker = source.found, words.current()
    tables = [
        (speaker.name("import.table", table), [told.get(name, 0) for name in COUNTED])
        for table, told in found.get("tables", {}).items()
        if told.get("rows")
    ]
    findings = [
        {
            **one,
            "text": speaker.name("finding", one.get("code")),
            "where": speaker.name("import.table", one.get("table")),
            "done": speaker.name("action", one.get("action")),
        }
        for one in found.get("findings", ())
    ]
    days = [date.fromisoformat(day[:10]) for day in found.get("period") or () if day]
    n = found.get("tables", {})
    return {
        "tables": tables, "findings": findings, "reasons": _reasons(found.get("reasons", {})),
        "period": speaker.period(days[0], days[-1]) if days else "", "found": found,
        "n_duplicates": found.get("duplicates", 0),
        "n_customers": n.get("customers", {}).get("create", 0), "n_orders": n.get("orders", {}).get("create", 0),
    }  # fmt: skip


@may(RIGHT)
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """All rows of an import are taken away again, as long as nobody worked with them."""
    source = shown.found(request, key)
    may_undo = source.began_at is not None and (source.state in (DONE, FAILED) or shown.is_stopped(source))
    if not may_undo:
        return redirect("import", source.pk)
    if request.method == "POST":
        _done(request, lambda **who: actions.ask_undo(source=source, **who))
        return redirect("import", source.pk)
    return respond(request, "ingest/undo.html", shown.told(source, made=_made(source)))


def _done(request: HttpRequest, act: Callable[..., None]) -> None:
    """Do it; a refusal is told on the next page."""
    try:
        act(by=access.person(request), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
