"""Rows that were not taken, with the reason: on a page, and as a sheet that goes back to whoever brought them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from dovolen.desk.core import access, sheets, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.ingest import queries
from dovolen.desk.ingest.actions.taking import take_rejected
from dovolen.desk.ingest.models import RIGHT, Import, RejectedRow
from dovolen.desk.ingest.views import shown

PAGE = 50
HEADERS_OF = 200
"""Rows whose headers make the header of the sheet; what others have besides stands in the last column."""


@may(RIGHT)
def rows(request: HttpRequest, key: int) -> HttpResponse:
    """Rows that were not taken, page by page."""
    source = shown.found(request, key)
    reasons = queries.reasons(source)
    reason = request.GET.get("reason", "")
    reason = reason if reason in reasons else ""
    after = request.GET.get("after", "")
    found = queries.rejected(source, reason=reason, after=int(after) if _is_key(after) else 0, n=PAGE + 1)
    more = {
        "rows": [_shown(row) for row in found[:PAGE]], "reason": reason,
        "reasons": [(code, shown.reason_of(code), n) for code, n in reasons.items()],
        "later": found[PAGE - 1].pk if len(found) > PAGE else None, "n": sum(reasons.values()),
    }  # fmt: skip
    return respond(request, "ingest/rows.html", shown.told(source, **more))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _shown(row: RejectedRow) -> dict[str, object]:
    cells = [(name, "" if cell is None else str(cell)) for name, cell in row.cells.items()]
    return {
        "place": row.place, "reason": shown.reason_of(row.reason),
        "table": words.current().name("import.table", row.table), "cells": [one for one in cells if one[1]],
    }  # fmt: skip


@may(RIGHT)
def rows_file(request: HttpRequest, key: int, form: str) -> HttpResponseBase:
    """The same as XLSX or CSV: place, reason, and the cells as they stood."""
    if form not in sheets.FORMATS:
        raise Http404
    source = shown.found(request, key)
    take_rejected(source=source, form=form, by=access.person(request), now=timezone.now())
    headers = _headers(source)
    titles = [words.say(f"import.rows.{name}") for name in ("place", "table", "reason")]
    return sheets.answer(form, f"{words.say('import.rows.file')}-{source.pk}",
                         [*titles, *headers, words.say("import.rows.besides")], _lines(source, headers))  # fmt: skip


def _headers(source: Import) -> list[str]:
    first = islice(queries.all_rejected(source), HEADERS_OF)
    return list(dict.fromkeys(name for row in first for name in row.cells))[:500]


def _lines(source: Import, headers: list[str]) -> Iterator[sheets.Row]:
    speaker, known = words.current(), set(headers)
    for row in islice(queries.all_rejected(source), sheets.MOST_ROWS - 1):
        besides = {name: cell for name, cell in row.cells.items() if name not in known}
        yield [
            row.place, speaker.name("import.table", row.table), shown.reason_of(row.reason),
            *("" if (cell := row.cells.get(name)) is None else str(cell) for name in headers),
            json.dumps(besides, ensure_ascii=False) if besides else "",
        ]  # fmt: skip
