"""When a centre works, read from what was typed as its hours: «пн–пт 10–20, сб 11:00–18:00», "daily 10am-8pm".

Working time is what promises, queues and calendars are reckoned in. Hours that cannot be read count as 10–20 daily.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dovolen.desk.accounts.models import Centre

Span = tuple[int, int]
"""From and to, minutes after midnight of the day; the end of a night shift lies past 24 hours."""
Week = tuple[tuple[Span, ...], ...]
"""Monday first."""

DAY = 24 * 60
USUAL: Week = (((10 * 60, 20 * 60),),) * 7
FARTHEST_DAYS = 3660


@dataclass(frozen=True)
class Opening:
    """The working time of a centre."""

    week: Week
    zone: str
    is_read: bool = True
    """Whether the hours could be read; if not, the usual ones hold."""

    @staticmethod
    def of(centre: Centre) -> Opening:
        """The working time of a centre by its hours and zone."""
        return read(centre.hours, centre.zone)

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when the centre works on a day, as moments; a day off has none."""
        return [(self._at(day, start), self._at(day, end)) for start, end in self.week[day.weekday()]]

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at this moment."""
        return any(start <= at < end for start, end in self._next_spans(at, days=2))

    def minutes_between(self, since: datetime, until: datetime) -> int:
        """Working minutes from one moment to another; less than zero when the second one is earlier."""
        if until < since:
            return -self.minutes_between(until, since)
        worked = timedelta()
        for start, end in self._next_spans(since):
            if start >= until:
                break
            worked += max(timedelta(), min(end, until) - max(start, since))
        return worked // timedelta(minutes=1)

    def after(self, moment: datetime, minutes: int = 0) -> datetime:
        """When so many working minutes will have passed; for none: the moment itself, else when the doors open."""
        left = timedelta(minutes=minutes)
        for start, end in self._next_spans(moment):
            begin = max(start, moment)
            if begin < end and begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta())
        raise AssertionError("a week has at least one working day")

    def closes(self, at: datetime) -> datetime:
        """When the working day of a moment ends; in the night and on days off, when the next one does."""
        return next(self.on(day)[-1][1] for day in self._days(at) if any(end > at for _, end in self.on(day)))

    def _next_spans(self, moment: datetime, days: int = FARTHEST_DAYS) -> Iterator[tuple[datetime, datetime]]:
        """Working spans not over at the moment, in their order."""
        return (span for day in self._days(moment, days) for span in self.on(day) if span[1] > moment)

    def _days(self, moment: datetime, days: int = FARTHEST_DAYS) -> Iterator[date]:
        """Days from the one before, whose night shift may last until now."""
        first = moment.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        return (first + timedelta(days=n) for n in range(days))

    def _at(self, day: date, minutes: int) -> datetime:
        days, within = divmod(minutes, DAY)
        clock = time(within // 60, within % 60, tzinfo=ZoneInfo(self.zone))
        return datetime.combine(day + timedelta(days=days), clock).astimezone(UTC)


@lru_cache(maxsize=256)
def read(hours: str, zone: str) -> Opening:
    """The working time that a text tells."""
    week = _week(hours)
    return Opening(week or USUAL, zone, is_read=week is not None or not hours.strip())


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_DAYS = (
    r"пн|пон\w*|mon\w*", r"вт\w*|tue\w*", r"ср|сред\w*|wed\w*", r"чт|чет\w*|thu\w*", r"пт|пят\w*|fri\w*",
    r"сб|суб\w*|sat\w*", r"вс|вск|воскр\w*|sun\w*",
)  # fmt: skip
_EVERY = r"ежедневно|кажд\w+ день|все дни|без выходных|daily|every ?day|all week|7 days a week"
_WORKDAYS = r"по будням|будн\w*|рабочие дни|weekdays?"
_WEEKEND = r"по выходным|выходные дни|выходные|weekends?"
_CLOSED = r"выходной|вых\b\.?|закрыто|не работа\w+|closed|off"
_ROUND = r"круглосуточно|24 ?/ ?7|24 часа|24 hours|24h|around the clock"
_PAUSE = r"перерыв\w*|обед\w*|lunch|break"
_EXCEPT = r"кроме|except"
_CLOCK = r"(\d{1,2})(?::(\d\d))? ?(am|pm)?"
_TOKEN = re.compile(
    "|".join([
        rf"(?P<round>{_ROUND})", rf"(?P<every>\b(?:{_EVERY}))", rf"(?P<workdays>\b(?:{_WORKDAYS})\b)",
        rf"(?P<weekend>\b(?:{_WEEKEND})\b)", rf"(?P<closed>\b(?:{_CLOSED}))", rf"(?P<pause>\b(?:{_PAUSE}))",
        rf"(?P<except>\b(?:{_EXCEPT})\b)", *(rf"(?P<d{n}>\b(?:{names})\b)" for n, names in enumerate(_DAYS)),
        rf"(?P<span>\b{_CLOCK} ?- ?{_CLOCK})", r"(?P<through>-)",
    ])
)  # fmt: skip


def _week(hours: str) -> Week | None:
    """The week of a text; None when it tells no working time, or tells it wrongly."""
    tokens = _tokens(hours)
    if tokens is None or not any(kind == "span" for kind, _ in tokens):
        return None
    days: list[tuple[Span, ...]] = [()] * 7
    named: set[int] = set()
    for wanted, spans, pauses in _groups(tokens):
        where = wanted or set(range(7)) - named
        named |= wanted
        for day in where:
            days[day] = _without(tuple(sorted(spans)) or days[day] if spans or pauses else (), pauses)
    return tuple(days) if any(days) else None


Token = tuple[str, Any]


def _tokens(hours: str) -> list[Token] | None:
    """What a text is made of; None when a clock in it is wrong."""
    found: list[Token] = []
    ranging = False
    for match in _TOKEN.finditer(_plain(hours)):
        kind = match.lastgroup or _named(match)
        if kind == "through":
            ranging = bool(found) and found[-1][0] == "days"
            continue
        if kind == "span":
            span = _span(match)
            if span is None:
                return None
            found.append(("span", span))
        elif kind == "round":
            found.append(("span", (0, DAY)))
        elif kind in _SETS or kind.startswith("d"):
            days = _SETS.get(kind) or {int(kind[1:])}
            found.append(("days", _through(found[-1][1], days) if ranging else days))
        else:
            found.append((kind, None))
        ranging = False
    return found


_SETS = {"every": set(range(7)), "workdays": set(range(5)), "weekend": {5, 6}}


def _named(match: re.Match[str]) -> str:
    return next(name for name, text in match.groupdict().items() if text is not None)


def _plain(hours: str) -> str:
    text = hours.casefold().replace("ё", "е").replace("\u00a0", " ")
    text = re.sub(r"[–—−]", "-", text)
    text = re.sub(r"\b(?:с|from)\s+(?=\d)", "", text)
    text = re.sub(r"(?<=[\dm])\s+(?:до|по|to|till|until)\s+(?=\d)", "-", text)
    text = re.sub(r"(?<=[а-яa-z])\s+(?:по|to|through)\s+(?=[а-яa-z])", "-", text)
    text = re.sub(r"(\d)[.](?=\d\d\b)", r"\1:", text)
    text = re.sub(r"\s*(am|pm)\b", r"\1", text.replace("a.m.", "am").replace("p.m.", "pm"))
    return re.sub(r"\s+", " ", text)


def _span(match: re.Match[str]) -> Span | None:
    numbers = re.findall(_CLOCK, match["span"])
    clocks = [_minutes(int(hour), int(minute or 0), half) for hour, minute, half in numbers]
    if len(clocks) != 2 or None in clocks:
        return None
    start, end = clocks[0] or 0, clocks[1] or 0
    return (start, end) if end > start else (start, end + DAY)


def _minutes(hour: int, minute: int, half: str) -> int | None:
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute if hour * 60 + minute <= DAY and minute < 60 else None


def _through(before: set[int], until: set[int]) -> set[int]:
    """Days from one to another, over the end of the week too."""
    first, last = max(before), min(until)
    return {day % 7 for day in range(first, (last if last >= first else last + 7) + 1)}


Group = tuple[set[int], list[Span], list[Span]]


def _groups(tokens: list[Token]) -> Iterator[Group]:
    """Days with their working spans and pauses; no days: all that are not named elsewhere."""
    told = {"span", "closed"}
    if tokens[0][0] in told and tokens[-1][0] != "days":  # «10–20, вс выходной»
        head = next((n for n, (kind, _) in enumerate(tokens) if kind == "days"), len(tokens))
        yield _group(tokens[:head])
        tokens = tokens[head:]
    begins = told if tokens and tokens[0][0] in told else {"days", "except"}
    part: list[Token] = []
    for token in tokens:
        if token[0] in begins and part and part[-1][0] not in begins and token[0] != "except":
            yield _group(part)
            part = []
        part.append(token)
    if part:
        yield _group(part)


def _group(tokens: list[Token]) -> Group:
    wanted: set[int] = set()
    excepted: set[int] = set()
    spans: list[Span] = []
    pauses: list[Span] = []
    into, days = spans, wanted
    for kind, value in tokens:
        if kind == "except":
            days = excepted
        elif kind == "pause":
            into = pauses
        elif kind == "days":
            days |= value
        elif kind == "span":
            into.append(value)
    if excepted:
        wanted = (wanted or set(range(7))) - excepted
    return wanted, spans, pauses


def _without(spans: tuple[Span, ...], pauses: list[Span]) -> tuple[Span, ...]:
    left = list(spans)
    for begin, end in pauses:
        left = [part for s, e in left for part in ((s, min(e, begin)), (max(s, end), e)) if part[0] < part[1]]
    return tuple(left)
