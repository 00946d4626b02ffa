"""Clock → functions: lines of the schedule, each with a timer a centre; nothing twice, nothing lost.

A function is given the stretch of time it answers for: everything after `since` up to `until`. Stretches follow one
another without gap or overlap, whatever stopped the workers meanwhile: after three days at rest one call covers three
days. Days are those of the centre, so a day has one run, also when the clocks change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from dovolen.desk.core import claims
from dovolen.desk.core.models import Timer
from dovolen.desk.core.reacting import Limit, told

log = logging.getLogger("dovolen.worker")

LEASE = timedelta(minutes=10)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Daily:
    """Once a day at this time on the centre's clock; on the day that skips it, at the end of the gap."""

    at: time

    def latest(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The latest planned moment that is not after `moment`."""
        day = moment.astimezone(zone).date() + DAY
        while self._on(day, zone) > moment:
            day -= DAY
        return self._on(day, zone)

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The earliest planned moment after `moment`."""
        day = moment.astimezone(zone).date() - DAY
        while self._on(day, zone) <= moment:
            day += DAY
        return self._on(day, zone)

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, self.at, zone).astimezone(UTC)


@dataclass(frozen=True)
class Hourly:
    """Once an hour, so many minutes past by UTC: an hour that the centre's clock repeats is two hours."""

    minute: int = 0

    def latest(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The latest planned moment that is not after `moment`."""
        return self.after(moment, zone) - HOUR

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:  # noqa: ARG002 – hours are the same everywhere
        """The earliest planned moment after `moment`."""
        planned = moment.astimezone(UTC).replace(minute=self.minute, second=0, microsecond=0)
        return planned if planned > moment else planned + HOUR


@dataclass(frozen=True)
class Line:
    """A line of the schedule: when, what, and whether once for the house or once at every centre.

    `run(since=…, until=…, centre_id=…, now=…)` runs in one transaction with the timer. One that is `apart` runs outside
    of any (it takes long or writes files) and may run again after a crash: it has to bear that.
    """

    when: Daily | Hourly
    run: Callable[..., None]
    at_every_centre: bool = False
    apart: bool = False


Schedule = Mapping[str, Line]
Places = Iterable[tuple[int, str]]
"""Centres with their zones."""
HOUSE = 0


def set_timers(schedule: Schedule, places: Places, *, now: datetime) -> None:
    """One timer for every line and centre; those of lines and centres that are gone go too.

    A timer that a clock running ahead has sent more than one turn into the future comes back.
    """
    centres = list(places)
    wanted = {
        (name, centre_id): (line, ZoneInfo(zone))
        for name, line in schedule.items()
        for centre_id, zone in (centres if line.at_every_centre else [(HOUSE, _zone_of_house(centres))])
    }
    there = {(timer.name, timer.centre_id): timer for timer in Timer.objects.all()}
    for key in there.keys() - wanted.keys():
        claims.mine(there[key]).delete()
    for key in sorted(wanted.keys() - there.keys()):
        line, zone = wanted[key]
        fresh = {"rule": rule_of(line, zone), "done_until": now, "next_at": line.when.after(now, zone)}
        Timer.objects.get_or_create(name=key[0], centre_id=key[1], defaults=fresh)
    for key in wanted.keys() & there.keys():
        _correct(there[key], *wanted[key], now)


def _zone_of_house(centres: list[tuple[int, str]]) -> str:
    """The house keeps the time of its oldest centre."""
    return min(centres)[1] if centres else "Europe/Moscow"


def rule_of(line: Line, zone: ZoneInfo) -> str:
    """When a line runs, as its timer remembers it."""
    return f"{line.when} {zone.key}"


def _correct(timer: Timer, line: Line, zone: ZoneInfo, now: datetime) -> None:
    rule = rule_of(line, zone)
    following = line.when.after(now, zone)
    if timer.next_at > line.when.after(following, zone):
        log.warning("timer %s was set by a clock that ran ahead: it is set again", timer.name)
        claims.mine(timer).update(done_until=min(timer.done_until, now), next_at=following, rule=rule)
    elif timer.rule != rule:
        claims.mine(timer).update(next_at=line.when.after(max(timer.done_until, now), zone), rule=rule)


def run_due(
    schedule: Schedule,
    places: Callable[[], Places],
    *,
    clock: Callable[[], datetime],
    limit: Limit = nullcontext,
) -> int:
    """Run the next function whose time has come; gives how many ran. Raises: MemoryError as `reacting.react` does."""
    now = clock()
    due = Timer.objects.filter(next_at__lte=now, name__in=list(schedule))
    ran = 0
    for timer in claims.take(due, now=now, n=1, lease=LEASE) if schedule else ():
        zones = dict(centres := list(places()))
        zone = ZoneInfo(zones.get(timer.centre_id) or _zone_of_house(centres))
        try:
            ran += _run(timer, schedule[timer.name], zone, now, limit)
        except Exception as error:
            claims.give_back(timer, cause=told(error), now=clock(), parks=False)
            log.exception("timer %s failed, try %s", timer.name, timer.tries)
            if isinstance(error, MemoryError):
                raise
    return ran


def _run(timer: Timer, line: Line, zone: ZoneInfo, now: datetime, limit: Limit) -> int:
    until = line.when.latest(now, zone)
    stretch = {"since": timer.done_until, "until": until, "centre_id": timer.centre_id or None, "now": now}
    if line.apart:
        line.run(**stretch)
        return _done(timer, line, zone, until)
    with transaction.atomic(), limit():
        if not _done(timer, line, zone, until):
            return 0  # the lease ended meanwhile and another took it
        line.run(**stretch)
    return 1


def _done(timer: Timer, line: Line, zone: ZoneInfo, until: datetime) -> int:
    following = line.when.after(until, zone)
    done = {"done_until": until, "next_at": following, "free_at": claims.AT_ONCE, "tries": 0, "cause": ""}
    return claims.mine(timer).update(**done)
