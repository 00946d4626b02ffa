"""Event → functions: what waits is claimed, its reactions run in one transaction, failures rest or are parked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from dovolen.desk.core import claims
from dovolen.desk.core.models import Event, Once, Pending

log = logging.getLogger("dovolen.worker")

Reaction = Callable[..., None]
"""`reaction(event, now=…)`: writes rows and nothing else, so that a crash undoes all of it."""
Reactions = Mapping[str, Sequence[Reaction]]
Limit = Callable[[], AbstractContextManager[object]]

LEASE = timedelta(seconds=30)
BATCH = 20


@dataclass(frozen=True)
class Hold:
    """What a worker holds at this moment: keys and tokens of rows, the one that it is at first."""

    rows: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return ",".join(f"{key}:{token}" for key, token in self.rows)

    @classmethod
    def read(cls, text: str) -> Hold:
        """What `str` wrote."""
        pairs = (row.partition(":") for row in text.split(",") if row)
        return cls(tuple((int(key), int(token)) for key, _, token in pairs))


Say = Callable[[Hold], None]


def first_time(occasion: Event | str, purpose: str, recipient: str) -> bool:
    """Whether this is not done yet for this occasion; it counts as done when the transaction is."""
    key = f"event:{occasion.pk}" if isinstance(occasion, Event) else occasion
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Once._meta.db_table} (occasion, purpose, recipient) VALUES (%s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [key, purpose, recipient],
        )
        return bool(cursor.rowcount == 1)


def react(
    reactions: Reactions, *, clock: Callable[[], datetime], limit: Limit = nullcontext, say: Say = lambda hold: None
) -> int:
    """Claim what waits and run its reactions; gives how many events were handled.

    A batch of new events, one at a time of those that failed before: an event that kills its worker takes no
    other down with it for good. `say` hears what is held, so that who comes after a dead worker can free it.
    Raises: MemoryError when a reaction wanted more than there is; the event rests, as after any failure.
    """
    handled = _drop_unheard(reactions)
    with closing(_claimed(clock, say)) as held:
        for pending in held:
            handled += _handle(pending, reactions, clock, limit)
    return handled


def _claimed(clock: Callable[[], datetime], say: Say) -> Generator[Pending]:
    now = clock()
    fresh = claims.take(Pending.objects.filter(tries=0), now=now, n=BATCH, lease=LEASE)
    waiting = fresh + claims.take(Pending.objects.filter(tries__gt=0), now=now, n=1, lease=LEASE)
    if not waiting:
        return
    try:
        while waiting and not now + LEASE / 2 < clock():
            say(Hold(tuple((row.pk, row.token) for row in waiting)))
            yield waiting.pop(0)
    finally:
        say(Hold())
        claims.release(waiting)


def take_over(left: Hold, *, how: str, now: datetime) -> None:
    """Free what a worker held when it died; what it was at has failed, `how` is told as the cause."""
    for place, (key, token) in enumerate(left.rows):
        for row in Pending.objects.filter(pk=key, token=token):
            if place:
                claims.release([row])
            else:
                claims.give_back(row, cause=f"{DIED}: {how}", now=now)


def _drop_unheard(reactions: Reactions) -> int:
    """Events that nothing follows: handled by being so."""
    unheard = Pending.objects.exclude(kind__in=[kind for kind, functions in reactions.items() if functions])
    return unheard.filter(tries=0).delete()[0] if unheard.filter(tries=0).exists() else 0


def _handle(pending: Pending, reactions: Reactions, clock: Callable[[], datetime], limit: Limit) -> int:
    if pending.tries > claims.MOST_TRIES:
        claims.give_back(pending, cause=pending.cause or DIED, now=clock())
        return 0
    try:
        with transaction.atomic(), limit():
            if not claims.mine(pending).delete()[0]:
                return 0  # the lease ended meanwhile and another took it
            for reaction in reactions.get(pending.kind, ()):
                reaction(pending.event, now=clock())
    except Exception as error:
        parked = claims.give_back(pending, cause=told(error), now=clock())
        log.exception("event %s %s failed, try %s%s", pending.pk, pending.kind, pending.tries, ", parked" * parked)
        if isinstance(error, MemoryError):
            raise
        return 0
    return 1


DIED = "the worker died while it was at this"


def told(error: BaseException) -> str:
    """An error as the page of failures shows it: its kind, its text, where it happened."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno})" if place else ""
    return f"{type(error).__name__}: {error}{where}"
