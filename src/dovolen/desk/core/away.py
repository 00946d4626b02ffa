"""Why the base does not do what it is asked, told so that a person can act."""

from __future__ import annotations

from errno import EDQUOT, ENOSPC

from django.db import InterfaceError, OperationalError

from dovolen.desk.core import words


def is_away(error: BaseException | None) -> bool:
    """Whether it is the base or the disk that failed, not we."""
    return isinstance(error, OperationalError | InterfaceError) or (isinstance(error, OSError) and is_full(error))


def is_full(error: BaseException | None) -> bool:
    """Whether there is no room left, as the system, SQLite or PostgreSQL says it."""
    if isinstance(error, OSError):
        return error.errno in (ENOSPC, EDQUOT)
    return any(sign in str(error) for sign in FULL)


FULL = ("disk is full", "No space left on device", "Disk quota exceeded")


def title(error: BaseException | None) -> str:
    """What is the matter, in a heading."""
    return words.say(f"core.away.title.{_code(error)}")


def why(error: BaseException | None, *, was_sent: bool) -> str:
    """What is the matter and what to do; `was_sent`: a form was on its way, which was not saved."""
    sentence = words.say(f"core.away.{_code(error)}")
    return f"{sentence} {words.say('core.away.not_saved')}" if was_sent else sentence


def _code(error: BaseException | None) -> str:
    if is_full(error):
        return "no_room"
    return "behind" if any(sign in str(error) for sign in BEHIND) else "away"


BEHIND = ("no such table", "no such column")
