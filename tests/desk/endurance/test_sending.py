"""R2: workers are killed while they send; the gateway's own journal on the disk tells what clients got.

R11: a gateway is away for ten minutes and comes back; what waited goes at its rate, what is stale or would wake somebody
does not.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.core.models import Mark
from dovolen.desk.messaging import doors, sending
from dovolen.desk.messaging.gateways import DOORS
from dovolen.desk.messaging.models import WAITING, Gateway, Message
from dovolen.desk.people.models import Consent, Customer, Phone
from tests.desk.conftest import NOON, TIMES
from tests.desk.messaging.fake_gateway import FakeDoor, journal
from tests.desk.processes import Installation, ended, kill

pytestmark = pytest.mark.endures

RECIPIENTS, KILLS = 334 * TIMES, 2 * TIMES
"""At each of three gateways."""
RATE = 100
WAYS = ("key", "status", "none")
BACKLOG = 1000 * TIMES
SENDER = "tests.desk.endurance.sender_under_test"


def gateway(folder: Path, way: str, *, pause: float = 0.0, per_second: int = RATE) -> Gateway:
    """The fake one, alone in its channel."""
    folder.mkdir(exist_ok=True)
    told = {"folder": str(folder), "prevents": way, "batch": 1, "pause": pause}
    return Gateway.objects.create(
        name="Fake", kind="http", channel="sms", settings=told, report_token=way, per_second=per_second
    )


def centre(zone: str = "Europe/Moscow") -> Centre:
    made = Centre.objects.create(name=f"Сервис {zone}", zone=zone)
    staff, _ = Staff.objects.get_or_create(login="director", defaults={"name": "Игорь Мельник"})
    Membership.objects.create(staff=staff, centre=made, role="director")
    return made


@transaction.atomic
def waiting(n: int, at: Centre, *, first: int = 0, now: datetime, **given: Any) -> list[Message]:
    """Messages in the outbox, each to somebody of its own who agreed to be told."""
    numbers = [f"+7997{2_000_000 + first + i}" for i in range(n)]
    people = Customer.objects.bulk_create(
        Customer(kind="person", name=f"Клиент {number}", created_at=now) for number in numbers
    )
    Phone.objects.bulk_create(
        Phone(customer=one, number=number, is_main=True) for one, number in zip(people, numbers, strict=True)
    )
    Consent.objects.bulk_create(
        Consent(customer=one, purpose="service", channel="any", is_given=True, proof="paper", at=now) for one in people
    )
    return Message.objects.bulk_create(
        Message(
            centre=at, customer=one, purpose="service", channel="sms", address=number, text=f"Заказ готов, {number}",
            state_at=now, queued_at=now, **given,
        )
        for one, number in zip(people, numbers, strict=True)
    )  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """What clients got by the gateway's journal, and what the base says of it."""

    n_twice: int
    n_never: int
    """Called sent, and nobody got it; or still waiting when all is over."""
    n_unclear: int
    n_denied: int
    """Somebody got it, and the base says neither sent nor unclear."""


def audited(folder: Path) -> Audit:
    got = Counter(line["key"] for line in journal(folder))
    states = {str(key): state for key, state in Message.objects.values_list("key", "state")}
    assert set(got) <= set(states)
    return Audit(
        n_twice=sum(n > 1 for n in got.values()),
        n_never=sum(state != "unclear" and key not in got for key, state in states.items()),
        n_unclear=sum(state == "unclear" for state in states.values()),
        n_denied=sum(states[key] not in ("sent", "unclear") for key in got),
    )


@pytest.mark.parametrize("way", WAYS)
def test_killed_senders_send_nothing_twice_and_forget_nothing(
    installed: Installation, tmp_path: Path, way: str
) -> None:
    folder = tmp_path / "gateway"
    gateway(folder, way, pause=0.003)
    waiting(RECIPIENTS, centre(), now=NOON)
    n_kills, ahead = 0, (NOON - datetime.now(UTC)).total_seconds()
    workers = [installed.start("-m", SENDER, str(ahead)) for _ in range(2)]
    latest = time.monotonic() + 60 + RECIPIENTS / 10
    with ended(*workers):
        while Message.objects.filter(state__in=WAITING).exists():
            assert time.monotonic() < latest, "the outbox does not empty"
            n_done, lines = Message.objects.exclude(state__in=WAITING).count(), journal(folder)
            is_time = n_kills < KILLS and n_done >= n_kills * RECIPIENTS / (KILLS + 1)
            if is_time and lines and Message.objects.filter(key=lines[-1]["key"], state="sending").exists():
                # handed over and not recorded yet
                at_it = [n for n, worker in enumerate(workers) if worker.pid == lines[-1]["pid"]]
                for victim in at_it:
                    kill(workers[victim])
                    workers[victim] = installed.start("-m", SENDER, str(ahead))
                    n_kills += 1
            time.sleep(0.01)
        for worker in workers:
            kill(worker)

    found = audited(folder)
    print(
        f"R2 sending, gateway by {way}: {n_kills} kills, {RECIPIENTS} recipients: {found.n_twice} twice, "
        f"{found.n_never} never, {found.n_unclear} unclear"
    )
    assert n_kills == KILLS
    assert (found.n_twice, found.n_never, found.n_denied) == (0, 0, 0)
    assert found.n_unclear <= (KILLS * RATE if way == "none" else 0)


# ── R11 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Clock:
    """A clock that goes when it is told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


def run(clock: Clock, until: datetime, *, step: timedelta) -> None:
    """Send, as workers do, until a moment."""
    while clock.now < until:
        sending.deliver(clock=clock)
        clock.now += step


@pytest.mark.django_db
def test_a_gateway_that_was_away_gets_what_waited_at_its_rate_and_nothing_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, folder, away = Clock(NOON), tmp_path / "gateway", timedelta(minutes=10)
    monkeypatch.setitem(DOORS, "http", FakeDoor)
    monkeypatch.setattr(FakeDoor, "clock", clock.seconds)
    way_out = gateway(folder, "key")
    moscow, kamchatka = centre(), centre("Asia/Kamchatka")
    clock.now = NOON + timedelta(minutes=55)  # five to ten in the evening on Kamchatka, where the night begins at ten
    (folder / "down").touch()
    good = waiting(BACKLOG, moscow, now=clock.now)
    codes = waiting(BACKLOG // 10, moscow, first=100_000, now=clock.now, expires_at=clock.now + timedelta(minutes=3))
    sleepers = waiting(BACKLOG // 10, kamchatka, first=200_000, now=clock.now)

    run(clock, clock.now + away, step=timedelta(seconds=2))
    assert journal(folder) == []
    assert Mark.objects.get(name=f"gateway.{way_out.pk}").facts["is_well"] is False
    (folder / "down").unlink()
    back_at = clock.now
    run(clock, back_at + timedelta(seconds=30 + BACKLOG / RATE * 1.2), step=timedelta(milliseconds=250))

    lines = journal(folder)
    got = {line["key"] for line in lines}
    n_stale, n_woken = len(got & keys(codes)), len(got & keys(sleepers))
    busiest = max(Counter(int(line["at"]) for line in lines).values())
    took = max(line["at"] for line in lines) - min(line["at"] for line in lines)
    print(
        f"R11: {BACKLOG} waited for {away.seconds // 60} minutes, then went in {took:.0f} s at {RATE} a second (busiest "
        f"second {busiest}): {len(lines) - len(got)} twice, {len(keys(good) - got)} left, {n_stale} stale, {n_woken} by night"
    )
    assert keys(good) == got
    assert len(lines) == len(got)
    assert (n_stale, n_woken) == (0, 0)
    assert busiest <= 2 * RATE  # a second's worth that was saved up, and a second's
    assert BACKLOG / RATE - 2 <= took <= BACKLOG / RATE * 1.2 + 2
    assert states(codes) == {"expired"}
    assert states(sleepers) == {"queued"}
    assert Mark.objects.get(name=f"gateway.{way_out.pk}").facts["is_well"] is True

    clock.now = NOON.replace(hour=20, minute=1)  # eight in the morning on Kamchatka
    run(clock, clock.now + timedelta(seconds=BACKLOG / 10 / RATE + 5), step=timedelta(milliseconds=250))
    assert states(sleepers) == {"sent"}
    doors.close_all()


def keys(messages: Iterable[Message]) -> set[str]:
    return {str(message.key) for message in messages}


def states(messages: Iterable[Message]) -> set[str]:
    return set(Message.objects.filter(pk__in=[one.pk for one in messages]).values_list("state", flat=True))
