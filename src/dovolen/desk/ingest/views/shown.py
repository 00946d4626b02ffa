"""One import as its pages show it: found, its steps, what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from dovolen.desk.core import access, words
from dovolen.desk.ingest.models import (
    AT_WORK,
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    LOADING,
    MAPPED,
    READING,
    UNDOING,
    UNDONE,
    Import,
)

CHIPS = {
    READING: ("refresh", "fair"), MAPPED: ("list-check", "warn"), CHECKING: ("refresh", "fair"),
    CHECKED: ("checklist", "warn"), LOADING: ("refresh", "fair"), DONE: ("circle-check", "good"),
    UNDOING: ("refresh", "fair"), UNDONE: ("arrow-back-up", "line"), FAILED: ("alert-octagon", "bad"),
}  # fmt: skip
STEPS = ("file", "columns", "check", "load")
AT = {READING: 0, MAPPED: 1, CHECKING: 2, CHECKED: 2, LOADING: 3, DONE: 4, UNDOING: 4, UNDONE: 4}
TABLES = ("customers", "assets", "orders", "facts")


@dataclass(frozen=True)
class Bar:
    """How far a table is."""

    name: str
    done: int
    of: int

    @property
    def percent(self) -> int:
        """For the bar; a bar is never full before the end."""
        return min(100, self.done * 100 // self.of) if self.of else 0


def found(request: HttpRequest, key: int) -> Import:
    """The import, where he may see it."""
    held = Import.objects.visible_to(access.person(request))
    return get_object_or_404(held.select_related("centre", "made_by", "file", "loaded_by", "undone_by"), pk=key)


def told(source: Import, **more: Any) -> dict[str, Any]:
    """What the head of every page needs."""
    picture, tone = CHIPS[source.state]
    return {
        "source": source, "picture": picture, "tone": tone, "steps": _steps(source), "refusal": refusal_of(source),
        "is_at_work": source.state in AT_WORK, "is_stopped": is_stopped(source), **more,
    }  # fmt: skip


def is_stopped(source: Import) -> bool:
    """Whether a part of it is loaded and the rest waits."""
    return source.state == CHECKED and source.began_at is not None


def _steps(source: Import) -> list[dict[str, Any]]:
    at = AT.get(source.state, _failed_at(source))
    found = []
    for place, name in enumerate(STEPS):
        state = "done" if place < at else "now" if place == at else ""
        picture = "check" if state == "done" else ""
        found.append({"text": words.say(f"import.step.{name}"), "detail": "", "state": state, "picture": picture})
    return found


def _failed_at(source: Import) -> int:
    return 3 if source.began_at else 1 if source.mapping else 0


def refusal_of(source: Import) -> str:
    """Why it did not go on, for people; nothing where it did."""
    if not source.refusal:
        return ""
    speaker = words.current()
    key, values = str(source.refusal.get("key", "")), source.refusal.get("values", {})
    if key not in speaker:
        return speaker.say("import.refused.unknown")
    return speaker.say(key, **values)


def reason_of(code: str) -> str:
    """Why a row was not taken: as the desk says it, else as the library does."""
    speaker = words.current()
    family = "import.reason" if f"import.reason.{code}" in speaker else "reason"
    return speaker.name(family, code)


def bars(source: Import) -> list[Bar]:
    """Progress of each table."""
    return [
        Bar(words.current().name("import.table", table), int(done), int(of))
        for table, (done, of) in source.progress.items()
        if of
    ]


def next_place(source: Import) -> str:
    """Where the way goes on."""
    route = {MAPPED: "import_mapping", CHECKED: "import_check"}.get(source.state, "import")
    return reverse("import" if is_stopped(source) else route, args=[source.pk])
