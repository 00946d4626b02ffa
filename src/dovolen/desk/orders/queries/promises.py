"""How a promise stands: broken, about to break, soon, or far – in working hours of its centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core.templatetags.words import lasting

LATE_MINUTES = 60
SOON_MINUTES = 4 * 60
"""Working minutes left under which a promise asks for attention."""
NEAR = timedelta(hours=10)

BROKEN, LATE, SOON, FAR = "broken", "late", "soon", "far"
STATES = (BROKEN, LATE, SOON, FAR)
_TONES = {BROKEN: "bad", LATE: "bad", SOON: "warn", FAR: ""}
_PICTURES = {BROKEN: "alert-octagon", LATE: "clock-exclamation", SOON: "clock", FAR: "clock"}


@dataclass(frozen=True)
class PromiseState:
    """What the clock of a promise shows: colour, shape, and the time left in words."""

    code: str
    minutes: int
    """Working minutes left; less than zero when it is broken."""
    text: str

    @property
    def tone(self) -> str:
        """For the component `clock`."""
        return _TONES[self.code]

    @property
    def picture(self) -> str:
        """For the component `clock`."""
        return _PICTURES[self.code]


def promise_state(
    promised_at: datetime,
    *,
    opening: Opening,
    now: datetime,
    needs_minutes: int = 0,
    waits_until: datetime | None = None,
) -> PromiseState:
    """How a promise of an unfinished order stands.

    It will break by calculation where the work still takes longer than is left, or what it waits for comes too late.
    """
    minutes = opening.minutes_between(now, promised_at)
    breaks = needs_minutes > minutes or (waits_until is not None and waits_until > promised_at)
    code = (
        BROKEN if promised_at < now
        else LATE if breaks or minutes <= LATE_MINUTES
        else SOON if minutes <= SOON_MINUTES
        else FAR
    )  # fmt: skip
    return PromiseState(code, minutes, left(promised_at, minutes, now))


def left(until: datetime, minutes: int, now: datetime) -> str:
    """Time left in words: working time while it is near, else by the calendar; what has passed has its minus."""
    is_near = minutes and (abs(until - now) <= NEAR or abs(minutes) <= SOON_MINUTES)
    return lasting(minutes if is_near else (until - now).total_seconds() / 60)
