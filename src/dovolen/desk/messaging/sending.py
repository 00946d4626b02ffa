"""From the outbox to the gateways: claimed, asked at the gate again, handed over outside of any transaction, recorded.

A worker that dies between handing over and recording leaves rows in state sending. Once its lease is over they are
settled as the gateway allows: handed over again under the same key, asked about, or called unclear and left alone.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from dovolen.desk.core import claims, journal, worker
from dovolen.desk.messaging import pace
from dovolen.desk.messaging.doors import door_of
from dovolen.desk.messaging.gateways import Letter, Outcome, Unreachable
from dovolen.desk.messaging.gateways.letters import BY_KEY, BY_NOTHING, BY_STATUS, LATER, UNTRIED
from dovolen.desk.messaging.models import (
    DELIVERED,
    EXPIRED,
    FAILED,
    QUEUED,
    READ,
    REFUSED,
    SENDING,
    SENT,
    UNCLEAR,
    WAITING,
    Gateway,
    Message,
)
from dovolen.desk.messaging.outbox import asked, free_at, look_up, tell, try_next, waits_from_now, ways_out
from dovolen.insight.gate import Refused

log = logging.getLogger("dovolen.messaging")

CLAIM = 200
LEASE = timedelta(seconds=60)
"""Longer than any claim takes: one carries at most what its gateway may send in a second."""
BEGINS_WITHIN = timedelta(seconds=15)
"""A claim that took longer is given up: another could take the same up before it is handed over."""
WENT = (SENT, DELIVERED, READ)
MOST_SETTLED = 2 * claims.MOST_TRIES
"""So often a message is taken up again whose fate is unclear; then somebody decides."""
ASKED_AFTER = timedelta(seconds=5)
INTERRUPTED = "interrupted"
"""Its sender died; it may have gone."""
GATEWAY_REFUSED, TRIES_OVER, STALE = "gateway_refused", "tries_over", "stale"

Clock = Callable[[], datetime]


def step() -> int:
    """What a worker repeats beside its other work."""
    return deliver(clock=worker.now)


def deliver(*, clock: Clock) -> int:
    """Hand over what may go now; gives how many messages were moved on."""
    if not claims.free(Message.objects.filter(state__in=WAITING), clock()).exists():
        return 0
    return _settle(clock) + sum(_send(gateway, clock) for gateway in ways_out().values())


# ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _send(gateway: Gateway, clock: Clock) -> int:
    """One claim of a gateway's channel."""
    rows, n_ended = _claimed(gateway, clock)
    if rows:
        _hand_over(gateway, rows, clock)
    return len(rows) + n_ended


@transaction.atomic
def _claimed(gateway: Gateway, clock: Clock) -> tuple[list[Message], int]:
    """Messages that are in state sending now, and how many others came to an end or wait on."""
    now = clock()  # after the wait for one's turn to write: the lease begins here
    waiting = Message.objects.filter(channel=gateway.channel, state=QUEUED).select_related("customer", "centre", "by")
    n = min(CLAIM, pace.room(gateway, now)) if claims.free(waiting, now).exists() else 0
    taken = claims.take(waiting, now=now, n=n, lease=LEASE) if n else []
    clients = look_up({row.customer_id for row in taken}, now=now, waiting=False, but=[row.pk for row in taken])
    going = []
    with journal.gathered():
        for row in taken:
            client = clients[row.customer_id]
            if row.expires_at and row.expires_at <= now:
                _stop(row, EXPIRED, STALE, now)
            elif isinstance(answer := asked(row, client, now=now), Refused):
                _stop_or_wait(row, answer, now)
            else:
                client.sent.append((now, row.purpose))
                going.append(row)
    _begin(gateway, going, now)
    return going, len(taken) - len(going)


def _begin(gateway: Gateway, rows: Sequence[Message], now: datetime) -> None:
    if not rows:
        return
    pace.use(gateway, len(rows), now)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=SENDING, state_at=now, gateway=gateway, cost=F("n_parts") * gateway.cost_per_part,
        currency=gateway.currency,
    )  # fmt: skip


def _stop_or_wait(row: Message, answer: Refused, now: datetime) -> None:
    if answer.until:
        claims.mine(row).update(
            not_before=answer.until, free_at=free_at(answer.until, now), tries=F("tries") - 1
        )  # fmt: skip
        return
    if _stop(row, REFUSED, answer.reason, now) == REFUSED:
        try_next(row, now=now)


def _stop(row: Message, state: str, reason: str, now: datetime) -> str:
    """End a row that was not handed over; one whose sender died before may have gone: nobody knows."""
    row.state, row.reason, row.state_at = (UNCLEAR, INTERRUPTED, now) if row.reason else (state, reason, now)
    cost = row.cost if row.state == UNCLEAR else 0
    claims.mine(row).update(state=row.state, reason=row.reason, state_at=now, cost=cost)
    tell(row, f"message.{row.state}", now=now)
    return row.state


def _hand_over(gateway: Gateway, rows: Sequence[Message], clock: Clock) -> None:
    try:
        with door_of(gateway) as door:
            way = door.prevents_doubles
            is_late = clock() > rows[0].free_at - LEASE + BEGINS_WITHIN
            outcomes = [] if is_late else door.send([_letter(row, gateway) for row in rows])
    except Unreachable as error:
        pace.rest(gateway, error, now=clock())
        _put_back(rows)
        return
    if is_late:
        _put_back(rows)
        return
    pace.well(gateway, now=clock())
    _record(rows, outcomes, way, now=clock())


def _letter(row: Message, gateway: Gateway) -> Letter:
    return Letter(
        key=str(row.key), channel=row.channel, address=row.address, text=row.text, subject=row.subject,
        sender=gateway.sender, ref=row.gateway_ref,
    )  # fmt: skip


def _put_back(rows: Sequence[Message]) -> None:
    """Nothing was handed over: they wait as before, and the try does not count."""
    with transaction.atomic():
        for row in rows:
            claims.mine(row).update(state=QUEUED, free_at=claims.AT_ONCE, tries=F("tries") - 1)


# ── Recording ────────────────────────────────────────────────────────────────────────────────────────────────────────

RECORDED = ("state", "state_at", "reason", "detail", "gateway_ref", "sent_at", "delivered_at", "free_at", "tries")
MOMENTS = ("state_at", "sent_at", "delivered_at", "free_at")


@transaction.atomic
def _record(rows: Sequence[Message], outcomes: Sequence[Outcome], way: str, *, now: datetime) -> None:
    """Write what became of them, in one transaction. What another has taken over meanwhile is left to him.

    Leaves: `message.sent`, `message.failed`, `message.unclear` of messages of orders, and what `try_next` leaves.
    """
    held = Message.objects.select_for_update().filter(pk__in=[row.pk for row in rows], state=SENDING)
    tokens = dict(held.values_list("pk", "token"))
    mine = [(row, one) for row, one in zip(rows, outcomes, strict=True) if tokens.get(row.pk) == row.token]
    for row, outcome in mine:
        _apply(row, outcome, way, now)
    _write([row for row, _ in mine])
    with journal.gathered():
        for row, _ in mine:
            if row.state not in WAITING and (row.order_number or row.state == FAILED):
                tell(row, f"message.{SENT if row.state in WENT else row.state}", now=now)
            if row.state == FAILED:
                try_next(row, now=now)


def _apply(row: Message, outcome: Outcome, way: str, now: datetime) -> None:
    """What a gateway cannot tell now, one that prevents doubles is asked later: the row stays in state sending."""
    row.state, row.state_at, row.reason = outcome.state, now, ""
    row.detail, row.gateway_ref = outcome.detail, outcome.ref or row.gateway_ref
    if outcome.state == LATER:
        row.state, row.free_at = QUEUED, now + claims.PAUSES[min(row.tries, len(claims.PAUSES)) - 1]
        if row.tries >= claims.MOST_TRIES:
            row.state, row.reason = FAILED, TRIES_OVER
    elif outcome.state == UNTRIED:
        row.state, row.free_at, row.tries = QUEUED, claims.AT_ONCE, row.tries - 1
    elif outcome.state == UNCLEAR:
        row.reason = INTERRUPTED
        if way != BY_NOTHING and row.tries <= MOST_SETTLED:
            row.state, row.reason, row.free_at = SENDING, "", now + ASKED_AFTER
    elif outcome.state == FAILED:
        row.reason = GATEWAY_REFUSED
    elif outcome.state in WENT:
        row.sent_at = row.sent_at or now
        row.delivered_at = now if outcome.state != SENT else None


def _write(rows: Sequence[Message]) -> None:
    """Rows that are held, by one statement with many values: written one by one they would take longer than the way."""
    table, columns = Message._meta.db_table, ", ".join(f"{name} = %s" for name in RECORDED)
    kept = connection.ops.adapt_datetimefield_value
    values = [
        [*(kept(getattr(row, name)) if name in MOMENTS else getattr(row, name) for name in RECORDED), row.pk]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE id = %s", values)


# ── What a dead worker left ──────────────────────────────────────────────────────────────────────────────────────────


def _settle(clock: Clock) -> int:
    """Messages whose sender died: each is moved on as its gateway allows."""
    left = Message.objects.filter(state=SENDING).select_related("gateway", "customer", "centre", "by")
    taken = claims.take(left, now=clock(), n=CLAIM, lease=LEASE)
    by_gateway: dict[int, list[Message]] = defaultdict(list)
    for row in taken:
        by_gateway[row.gateway_id or 0].append(row)
    for rows in by_gateway.values():
        _settle_at(rows, clock)
    return len(taken)


def _settle_at(rows: Sequence[Message], clock: Clock) -> None:
    gateway = rows[0].gateway
    assert gateway is not None, "a message in state sending has its gateway"
    try:
        with door_of(gateway) as door:
            way = door.prevents_doubles
            known = door.ask([_letter(row, gateway) for row in rows]) if way == BY_STATUS else [None] * len(rows)
    except Unreachable as error:
        pace.rest(gateway, error, now=clock())
        return
    answered = [(row, outcome) for row, outcome in zip(rows, known, strict=True) if outcome]
    silent = [row for row, outcome in zip(rows, known, strict=True) if not outcome]
    _record([row for row, _ in answered], [outcome for _, outcome in answered], way, now=clock())
    _go_on(silent, way, now=clock())


@transaction.atomic
def _go_on(rows: Sequence[Message], way: str, *, now: datetime) -> None:
    """Again by the same key; what was not seen at two askings, as new; what nobody can tell stays unclear.

    A lease lies between the askings: a sender who is late and not dead has handed over by then.
    """
    with journal.gathered():
        for row in rows:
            if way == BY_STATUS and not row.reason:
                claims.mine(row).update(reason=INTERRUPTED)
            elif way == BY_STATUS:
                claims.mine(row).update(**waits_from_now(), reason="")
            elif way == BY_KEY and row.tries <= MOST_SETTLED:
                claims.mine(row).update(state=QUEUED, free_at=claims.AT_ONCE, reason=INTERRUPTED)
            else:
                row.reason = INTERRUPTED
                _stop(row, UNCLEAR, INTERRUPTED, now)
