"""The journal: what happened, to what, by whom. Written in the transaction of its cause; it knows no listener."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from dovolen.desk.core.logs import MAIL, PHONE
from dovolen.desk.core.models import Event, Pending, PrivateFact

LONGEST_FACT = 200


def record(
    kind: str,
    *,
    subject: models.Model,
    by: models.Model | None,
    at: datetime,
    centre: models.Model | None = None,
    private: Mapping[str, str] | None = None,
    **facts: object,
) -> Event:
    """Write that something happened. `by` is nobody when the clock or an event caused it.

    Facts are ids, codes, numbers, moments: what is personal goes to `private`, which may be erased later.
    Raises: ValueError outside a transaction, and for facts that look personal or are no plain values.
    """
    if not connection.in_atomic_block:
        raise ValueError(f"{kind}: an event is written in the transaction of its cause")
    event = drawn_up(kind, subject=subject, by=by, at=at, centre=centre, private=private, facts=facts)
    gathering = _gathering.get()
    if gathering is None:
        _write([(event, private or {})])
    else:
        gathering.append((event, private or {}))
    return event


@contextmanager
def gathered() -> Iterator[None]:
    """What is recorded inside is written at its end, in that order and at once; an error writes nothing of it.

    Until then an event has no key. Stands inside of the transaction of the cause.
    """
    if _gathering.get() is not None:
        yield
        return
    found: list[_Drawn] = []
    mark = _gathering.set(found)
    try:
        yield
    finally:
        _gathering.reset(mark)
    _write(found)


_Drawn = tuple[Event, Mapping[str, str]]
_gathering: ContextVar[list[_Drawn] | None] = ContextVar("gathering", default=None)


def _write(drawn: list[_Drawn]) -> None:
    Event.objects.bulk_create(event for event, _ in drawn)
    PrivateFact.objects.bulk_create(
        PrivateFact(event=event, name=name, value=value) for event, private in drawn for name, value in private.items()
    )
    Pending.objects.bulk_create(Pending(event=event, kind=event.kind) for event, _ in drawn)


def drawn_up(
    kind: str,
    *,
    subject: models.Model,
    by: models.Model | None,
    at: datetime,
    centre: models.Model | None,
    private: Mapping[str, str] | None,
    facts: Mapping[str, object],
) -> Event:
    """An event that is not written yet: for a history that is brought in as a whole. Raises: ValueError as `record`."""
    event = Event(
        kind=kind,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        centre_id=centre.pk if centre else None,
        at=at,
        facts={name: plain(value) for name, value in facts.items()},
        salt=secrets.token_urlsafe(16),
    )
    if private:
        event.facts["private"] = {name: private_digest(event.salt, value) for name, value in private.items()}
    event.mac = mac_of(event)
    return event


def timeline(subject: models.Model) -> models.QuerySet[Event]:
    """What happened to a subject, the latest first."""
    return Event.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by("-id")


def plain(value: object) -> Any:
    """A fact as the journal keeps it: the same text on every engine. Raises: ValueError for what it will not keep."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | UUID):
        return str(value)  # unchecked: an identifier has by chance so many digits in a row that it looks like a phone
    if isinstance(value, str):
        return _checked(value)
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    raise ValueError(f"the journal keeps no {type(value).__name__}: give whole numbers, words, moments or rows")


def _checked(text: str) -> str:
    if len(text) > LONGEST_FACT or "\0" in text:
        raise ValueError("a fact of the journal is a code or an id: texts belong to their own row")
    if PHONE.search(text) or MAIL.search(text):
        raise ValueError("a fact looks like somebody's phone or address: give it as `private`")
    return text


def private_digest(salt: str, value: str) -> str:
    """What the event keeps of a personal value."""
    return hashlib.sha256(f"{salt}\0{value}".encode()).hexdigest()


def mac_of(event: Event) -> str:
    """The event's own code: nobody without the key writes or changes one."""
    told = [
        event.kind, event.subject_kind, event.subject_id, event.by_id, event.centre_id,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.facts, event.salt,
    ]  # fmt: skip
    return sign(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def sign(text: str) -> str:
    """A code over a text by the key that lies outside the base."""
    return hmac.digest(_key(), text.encode(), "sha256").hex()


@cache
def _key() -> bytes:
    return str(settings.HOME.secret("journal")).encode()
