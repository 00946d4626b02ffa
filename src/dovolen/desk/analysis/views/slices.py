"""Slices: any measure by up to four dimensions – a table of the server's, a pivot of the browser's, files to take away.

The pivot is WebAssembly that sets styles of its elements, so this page alone allows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.analysis import cube, queries, slicing
from dovolen.desk.analysis.actions import slices as actions
from dovolen.desk.analysis.models import RIGHT, SavedSlice
from dovolen.desk.analysis.queries.slices import SHOWN, kept_slices
from dovolen.desk.analysis.slice_rows import Spoken
from dovolen.desk.analysis.views.shown import READY, Shown, shown
from dovolen.desk.core import access, sheets, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.middleware import POLICY
from dovolen.desk.core.once import once

STYLES_OF_PIVOT = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",  # an empty one
    "'sha256-rjC4ta+DkxJjU72hK9nIKZxg1UN00ALy4b/FYtZ7KHc='",
)
"""The two style elements that the pivot writes at its start."""
POLICY_OF_PIVOT = "; ".join(
    [
        POLICY, "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self' blob:",
        f"style-src 'self' {' '.join(STYLES_OF_PIVOT)}", "style-src-attr 'unsafe-inline'",
    ]
)  # fmt: skip
ROWS = 200
"""Of the table on the page; files hold all."""
USUAL = ("month", "category")
PARQUET, ARROW = "parquet", "arrow"
MEDIA_TYPES = {PARQUET: "application/vnd.apache.parquet", ARROW: "application/vnd.apache.arrow.stream"}


@dataclass(frozen=True)
class Asked:
    """What somebody looks at: the cube of a snapshot, cut by dimensions."""

    seen: Shown
    cube: slicing.Cube
    by: tuple[str, ...]
    kept: SavedSlice | None

    @property
    def query(self) -> str:
        """The same, as an address says it."""
        scope = [("scope", self.seen.scope.key)]
        day = [("day", self.seen.request.GET["day"])] if self.seen.request.GET.get("day") else []
        return urlencode([*scope, *day, *(("by", name) for name in self.by)])

    def spoken(self) -> Spoken:
        """Its cells in the reader's words; margin for those alone who see costs there."""
        config = self.seen.study.meta.get("config") or {}
        minimum = int(config.get("minimum", 20))
        found = slicing.sliced(self.cube, self.by, minimum=minimum, with_costs=self.seen.sees_costs)
        return Spoken(found, words.current(), str(self.seen.study.meta["currency"]))


@may(RIGHT)
@require_safe
def slices(request: HttpRequest) -> HttpResponse:
    """The page: what to slice by, the table, the pivot, slices that are kept."""
    seen = shown(request)
    asked = _asked(seen)
    context: dict[str, Any] = {"shown": seen, "chapter": "slices", "asked": asked}
    if asked is not None:
        context |= _page(asked)
    response = respond(request, "analysis/slices.html", context)
    response.headers["Content-Security-Policy"] = POLICY_OF_PIVOT
    return response


def _page(asked: Asked) -> dict[str, Any]:
    spoken = asked.spoken()
    choices = [(name, spoken.dimension(name)) for name in asked.cube.dimensions]
    places = (*asked.by, *[""] * (slicing.MOST - len(asked.by)))
    left_out = [spoken.dimension(name) for name in asked.by[len(spoken.slice.by) :]]
    return {
        "slice": spoken.slice,
        "heads": [(title, place >= len(spoken.slice.by)) for place, title in enumerate(spoken.header)],
        "choices": choices, "places": list(enumerate(places, 1)),
        "rows": list(islice(spoken.shown(), ROWS)), "n_rows": len(spoken.slice.cells), "most_rows": ROWS,
        "kept": kept_slices(asked.seen.person, asked.seen.scopes)[:SHOWN], "query": asked.query,
        "pivot": _pivot(asked, spoken), "left_out": left_out,
    }  # fmt: skip


def _pivot(asked: Asked, spoken: Spoken) -> dict[str, Any]:
    """What the script starts the pivot with; columns are named by what they are called."""
    by, measures = spoken.slice.by, spoken.slice.measures
    names = {**{name: spoken.dimension(name) for name in by}, **{one.name: spoken.measure(one) for one in measures}}
    means = {one.name: f"n.{one.name}" for one in measures if one.over}
    names |= {f"n.{one.name}": spoken.weight(one) for one in measures if one.over}
    digits = {one.name: 1 if one.unit in ("share", "hours", "points") else 0 for one in measures}
    view = (asked.kept.view.get("pivot") if asked.kept else None) or {}
    return {
        "names": names, "means": means, "digits": digits, "view": view,
        "rows": list(by[:1]), "columns": list(by[1:2]), "measures": [one.name for one in measures][:2],
        "words": spoken.words.beginning_with("slices.pivot."),
    }  # fmt: skip


@may(RIGHT)
@require_safe
def slices_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The cells as a file; `arrow` is what the pivot reads."""
    asked = _asked(shown(request))
    if asked is None or form not in (sheets.XLSX, PARQUET, ARROW):
        raise Http404
    spoken = asked.spoken()
    if form == sheets.XLSX:
        return sheets.answer(sheets.XLSX, "slices", spoken.header, spoken.rows())
    response = HttpResponse(
        spoken.parquet() if form == PARQUET else spoken.stream(), content_type=MEDIA_TYPES[form]
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    if form == PARQUET:
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('slices')}.parquet"
    return response


@may(RIGHT)
@require_POST
@once
def slices_kept(request: HttpRequest) -> HttpResponse:
    """Keep what is looked at under a name."""
    person = access.person(request)
    scope = queries.scope_of(person, request.POST.get("scope", ""))
    if scope is None or scope.key != request.POST.get("scope", ""):
        raise Http404
    by = [name for name in request.POST.getlist("by") if name in slicing.CHOICES][: slicing.MOST]
    try:
        kept = actions.keep_slice(
            name=request.POST.get("name", ""), scope=scope, dimensions=by, pivot=request.POST.get("pivot", ""),
            is_shared=bool(request.POST.get("is_shared")), by=person, now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('slices')}?{urlencode([('scope', scope.key), *(('by', name) for name in by)])}")
    messages.success(request, words.say("slices.done.kept", name=kept.name))
    return redirect(f"{reverse('slices')}?{urlencode({'scope': scope.key, 'kept': kept.pk})}")


@may(RIGHT)
@require_POST
def slices_kept_removal(request: HttpRequest, key: int) -> HttpResponse:
    """Keep one of one's own no more."""
    person = access.person(request)
    kept = get_object_or_404(SavedSlice, pk=key, staff=person)
    actions.drop_slice(kept=kept, by=person, now=timezone.now())
    messages.success(request, words.say("slices.done.dropped"))
    return redirect("slices")


def _asked(seen: Shown) -> Asked | None:
    """What the address asks for; None where there is no snapshot, or its cube does not lie here."""
    kept = _kept(seen)
    if seen.state != READY or seen.snapshot is None:
        return None
    opened = slicing.opened(cube.file_of(seen.snapshot))
    if opened is None:
        return None
    wanted = kept.view.get("by", []) if kept is not None else seen.request.GET.getlist("by")
    by = tuple(name for name in dict.fromkeys(wanted) if name in opened.dimensions)[: slicing.MOST]
    if not wanted:
        by = tuple(name for name in USUAL if name in opened.dimensions)
    return Asked(seen, opened, by, kept)


def _kept(seen: Shown) -> SavedSlice | None:
    """The kept slice that the address names, where he may see it."""
    text = seen.request.GET.get("kept", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    return get_object_or_404(kept_slices(seen.person, seen.scopes), pk=int(text))
