"""Whether a message may go: consent, block list, operator, how often, at what hour. Knows no clock: `now` is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SERVICE, ADVERTISING = "service", "advertising"
ANY_CHANNEL = "any"

NO_ADDRESS = "no_address"
BLOCKED = "blocked"
NO_CONSENT = "no_consent"
OPERATOR_REFUSED = "operator_refused"
FREQUENCY_CAP = "frequency_cap"
QUIET_HOURS = "quiet_hours"
REASONS = (NO_ADDRESS, BLOCKED, NO_CONSENT, OPERATOR_REFUSED, FREQUENCY_CAP, QUIET_HOURS)
"""In the order in which they are asked: what nothing can mend stands first."""

DAYS_AHEAD = 3


@dataclass(frozen=True)
class Hours:
    """Local time in which somebody may be told, from `begin` up to `end` of the same day."""

    begin: time
    end: time

    def hold(self, moment: datetime, zone: str) -> bool:
        """Whether it is such an hour there."""
        return self.begin <= moment.astimezone(_zone(zone)).time() < self.end

    def openings(self, moment: datetime, zone: str) -> Iterator[datetime]:
        """When these hours begin there next, day by day."""
        day = moment.astimezone(_zone(zone)).date()
        for ahead in range(DAYS_AHEAD):
            opening = datetime.combine(day + timedelta(days=ahead), self.begin, _zone(zone))
            if opening > moment:
                yield opening.astimezone(moment.tzinfo)


@dataclass(frozen=True)
class Cap:
    """At most `n` messages in `days` days."""

    n: int
    days: int


@dataclass(frozen=True)
class Rule:
    """What holds for messages of one purpose."""

    hours: Hours
    caps: tuple[Cap, ...]


@dataclass(frozen=True)
class Policy:
    """What holds for messages, by purpose. The defaults:

    - service, 8 to 22 local time: news of one's own order is awaited, the night is not;
      at most 12 a day: more is a fault of the house, not news;
    - advertising, 10 to 20: no one is woken or called from table for an offer;
      at most one in 7 days and three in 30: beyond that people opt out.
    """

    rules: Mapping[str, Rule] = field(
        default_factory=lambda: {
            SERVICE: Rule(Hours(time(8), time(22)), (Cap(12, 1),)),
            ADVERTISING: Rule(Hours(time(10), time(20)), (Cap(1, 7), Cap(3, 30))),
        }
    )

    @property
    def longest(self) -> timedelta:
        """How far back one has to look for what was sent."""
        return timedelta(days=max(cap.days for rule in self.rules.values() for cap in rule.caps))


@dataclass(frozen=True)
class Word:
    """What somebody said of a purpose and a channel (`any`: of all): agreed, or took it back."""

    purpose: str
    channel: str
    is_given: bool


@dataclass(frozen=True)
class History:
    """What is known of one client and the channel in question."""

    channel: str
    address: str
    consents: Sequence[Word] = ()
    """In the order in which they were said."""
    sent: Sequence[tuple[datetime, str]] = ()
    """Moments and purposes of what went to him, by any channel."""
    zones: Sequence[str] = ("UTC",)
    """Where he may be; told only at an hour that holds in all of them."""
    is_awake: bool = False
    """He stands at the desk or wrote a moment ago: what the clock says is not asked."""
    is_blocked: bool = False
    refused_by_operator: bool = False


@dataclass(frozen=True)
class Allowed:
    """It may go now."""


@dataclass(frozen=True)
class Refused:
    """It may not; with `until` it may later, by itself."""

    reason: str
    until: datetime | None = None


def decide(history: History, policy: Policy, purpose: str, now: datetime) -> Allowed | Refused:
    """Whether a message of this purpose may go to him now."""
    rule = policy.rules[purpose]
    if reason := _hindrance(history, rule, purpose, now):
        return Refused(reason)
    if history.is_awake or all(rule.hours.hold(now, zone) for zone in history.zones):
        return Allowed()
    return Refused(QUIET_HOURS, _next_hour(rule.hours, history.zones, now))


def agreed(consents: Sequence[Word], purpose: str, channel: str) -> bool:
    """Whether he agreed: the latest of what he said of this purpose by this channel or by all."""
    said = [word for word in consents if word.purpose == purpose and word.channel in (channel, ANY_CHANNEL)]
    return bool(said) and said[-1].is_given


def _hindrance(history: History, rule: Rule, purpose: str, now: datetime) -> str:
    """What no waiting mends; empty when there is nothing."""
    if not history.address:
        return NO_ADDRESS
    if history.is_blocked:
        return BLOCKED
    if not agreed(history.consents, purpose, history.channel):
        return NO_CONSENT
    if history.refused_by_operator:
        return OPERATOR_REFUSED
    return FREQUENCY_CAP if any(_is_reached(cap, history, purpose, now) for cap in rule.caps) else ""


def _is_reached(cap: Cap, history: History, purpose: str, now: datetime) -> bool:
    since = now - timedelta(days=cap.days)
    return sum(kind == purpose and at > since for at, kind in history.sent) >= cap.n


def _next_hour(hours: Hours, zones: Sequence[str], now: datetime) -> datetime | None:
    """The earliest moment that is such an hour in every zone; none where their days do not meet."""
    openings = sorted({opening for zone in zones for opening in hours.openings(now, zone)})
    return next((at for at in openings if all(hours.hold(at, zone) for zone in zones)), None)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
