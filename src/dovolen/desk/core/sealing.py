"""Seals over the journal: batches of events chained, the last link also kept outside the base; and the check of all."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q

from dovolen.desk.core import journal
from dovolen.desk.core.models import Event, PrivateFact, Seal

BATCH = 2_000
FIRST_MAC = "0" * 64


def seal_all(*, now: datetime) -> int:
    """Seal every event that waits for it; gives how many."""
    n = 0
    while done := seal(now=now):
        n += done
    return n


def seal(*, now: datetime) -> int:
    """Chain the next batch of events to the last seal; 0 when none waits or another sealer was faster."""
    if not Event.objects.filter(seal=None).exists():
        return 0
    try:
        made = _seal_batch(now)
    except IntegrityError:  # the same number twice: the other one sealed these
        return 0
    if made is None:
        return 0
    keep_outside(made)
    return made.n_events


@transaction.atomic
def _seal_batch(now: datetime) -> Seal | None:
    last = Seal.objects.order_by("-number").first()
    waiting = list(Event.objects.filter(seal=None).order_by("id").values_list("id", "mac")[:BATCH])
    if not waiting:
        return None
    made = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        n_events=len(waiting),
        total=(last.total if last else 0) + len(waiting),
    )
    made.mac = mac_of(made, waiting, last.mac if last else FIRST_MAC)
    made.save(force_insert=True)
    keys = [key for key, _ in waiting]
    if Event.objects.filter(id__in=keys, seal=None).update(seal=made) != len(keys):
        raise IntegrityError("another sealer took some of these events")
    return made


def mac_of(link: Seal, events: list[tuple[int, str]], before: str) -> str:
    """The code of a link: over the one before it and the codes of its events."""
    told = [
        before,
        link.number,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.n_events,
        link.total,
        events,
    ]
    return journal.sign(json.dumps(told, separators=(",", ":")))


# ── What this host knows, outside the base ───────────────────────────────────────────────────────────────────────────


def keep_outside(link: Seal) -> None:
    """Write the last link into the home folder; an older one never replaces a newer one."""
    path: Path = settings.HOME.seal
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if link.number <= known_outside().get("number", 0):
            return
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"number": link.number, "total": link.total, "mac": link.mac}), "ascii")
        fresh.replace(path)


def known_outside() -> dict[str, Any]:
    """The last link that this host has seen; empty where there was none."""
    try:
        found: dict[str, Any] = json.loads(settings.HOME.seal.read_text("ascii"))
    except FileNotFoundError:
        return {}
    return found


# ── The check ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Checked:
    """What the check of the journal found: whole when there is no flaw."""

    n_events: int
    n_seals: int
    flaws: tuple[str, ...]


def verify() -> Checked:
    """Recompute every code. Each flaw says where: what was changed, added, taken away or replaced."""
    last = Seal.objects.aggregate(last=Max("number"))["last"] or 0  # what is sealed later is not looked at
    flaws = [*_altered_private(), *_unlike_outside(last)]
    links = {link.number: link for link in Seal.objects.filter(number__lte=last)}
    before, n_events, total = FIRST_MAC, 0, 0
    batches = groupby(_events_in_chain(last, flaws), key=itemgetter(0))
    number, batch = next(batches, NO_BATCH)
    for expected in range(1, last + 1):
        held = []
        if number == expected:
            held = [(key, mac) for _, key, mac in batch]
            number, batch = next(batches, NO_BATCH)
        n_events += len(held)
        link = links.get(expected)
        if link is None:
            flaws.append(f"seal {expected} is missing")
            continue
        total += len(held)
        if link.mac != mac_of(link, held, before) or link.n_events != len(held) or link.total != total:
            flaws.append(f"seal {expected}: its events are not those that were sealed")
        before, total = link.mac, link.total
    flaws += [f"event with code {mac[:12]}… stands there {n} times" for mac, n in _copies()]
    return Checked(n_events, len(links), tuple(flaws))


NO_BATCH: tuple[int, Iterator[tuple[int, int, str]]] = (0, iter(()))


def _events_in_chain(last: int, flaws: list[str]) -> Iterator[tuple[int, int, str]]:
    """Sealed events in order of their seals; the code of every event, sealed or not, is recomputed on the way."""
    events = Event.objects.filter(Q(seal=None) | Q(seal_id__lte=last)).order_by("seal_id", "id")
    for event in events.iterator(chunk_size=BATCH):
        if event.mac != journal.mac_of(event):
            flaws.append(f"event {event.pk}: not as it was written")
        if event.seal_id is not None:
            yield event.seal_id, event.pk, event.mac


def _altered_private() -> Iterator[str]:
    """Personal values that are not those the event speaks of; one that was erased is no flaw."""
    for fact in PrivateFact.objects.select_related("event").order_by("pk").iterator(chunk_size=BATCH):
        told = fact.event.facts.get("private", {}).get(fact.name)
        if told != journal.private_digest(fact.event.salt, fact.value):
            yield f"event {fact.event_id}: its private {fact.name} is not as it was written"


def _copies() -> list[tuple[str, int]]:
    rows = Event.objects.order_by().values("mac").annotate(n=Count("id")).filter(n__gt=1)
    return [(row["mac"], row["n"]) for row in rows]


def _unlike_outside(last: int) -> list[str]:
    outside = known_outside()
    if not outside:
        return []
    link = Seal.objects.filter(number=outside["number"]).first()
    if link is None:
        return [f"seals after {last} are missing: this host has seen number {outside['number']}"]
    if (link.total, link.mac) != (outside["total"], outside["mac"]):
        return [f"seal {link.number} is not the one that this host has seen"]
    return []
