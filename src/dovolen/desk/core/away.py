"""Why the base does not do what it is asked, told so that a person can act."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

from dovolen.desk.core import words


def is_away(error: BaseException | None) -> bool:
    """Whether it is the base that failed, not we."""
    return isinstance(error, OperationalError | InterfaceError)


def why(error: BaseException | None, *, was_sent: bool) -> str:
    """What is the matter; `was_sent`: a form was on its way, which was not saved."""
    told = str(error)
    key = "away"
    if "is full" in told or "No space left" in told:
        key = "no_room"
    elif "no such table" in told or "no such column" in told:
        key = "behind"
    sentence = words.say(f"core.away.{key}")
    return f"{sentence} {words.say('core.away.not_saved')}" if was_sent else sentence
