"""The journal is written with its cause, sealed in a chain, and tells when it was tampered with."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from dovolen.desk.core import journal, sealing
from dovolen.desk.core.models import Counter, Event, Pending, PrivateFact, Seal
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db

TRIES = 50


def subject(key: int = 1) -> Counter:
    return Counter(pk=key, kind="order", centre_id=1, year=2026)


def happen(n: int = 1, kind: str = "order.accepted", **facts: object) -> list[Event]:
    with transaction.atomic():
        return [journal.record(kind, subject=subject(key), by=None, at=NOON, **facts) for key in range(1, n + 1)]


def test_an_event_holds_who_what_when_and_waits_for_its_reactions() -> None:
    (event,) = happen(stage="ready", ids=[1, 2], promised_at=NOON)

    stored = Event.objects.get()
    assert (stored.kind, stored.subject_kind, stored.subject_id) == ("order.accepted", "core.counter", 1)
    assert stored.facts == {"stage": "ready", "ids": [1, 2], "promised_at": "2026-11-20T09:00:00+00:00"}
    assert stored.mac == journal.mac_of(stored)
    assert Pending.objects.get().event == event


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(ValueError, match="transaction of its cause"):
        journal.record("order.accepted", subject=subject(), by=None, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_did_not_happen() -> None:
    with suppress(RuntimeError), transaction.atomic():
        journal.record("order.accepted", subject=subject(), by=None, at=NOON)
        raise RuntimeError

    assert not Event.objects.exists()
    assert not Pending.objects.exists()


@pytest.mark.parametrize("value", ["+7 997 200-00-01", "8(997)2000001", "ivan@example.com", "x" * 201, 1.5, object()])
def test_facts_that_look_personal_or_are_no_plain_values_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"journal|fact"):
        happen(value=value)


def test_an_identifier_that_happens_to_look_like_a_phone_is_kept() -> None:
    happen(session=UUID("01409819-7346-4336-822c-715e741237cc"))

    assert Event.objects.get().facts == {"session": "01409819-7346-4336-822c-715e741237cc"}


def test_a_personal_value_lies_apart_and_may_be_erased() -> None:
    with transaction.atomic():
        event = journal.record("person.renamed", subject=subject(), by=None, at=NOON, private={"before": "Анна Серова"})
    sealing.seal_all(now=NOON)

    assert "Серова" not in str(Event.objects.values().get())
    assert PrivateFact.objects.get().value == "Анна Серова"
    PrivateFact.objects.filter(event=event).delete()
    assert sealing.verify().flaws == ()


def test_seals_follow_one_another_and_count_all() -> None:
    happen(3)
    sealing.seal(now=NOON)
    happen(2)
    sealing.seal(now=NOON + timedelta(seconds=1))

    assert list(Seal.objects.order_by("number").values_list("number", "n_events", "total")) == [(1, 3, 3), (2, 2, 5)]
    assert sealing.known_outside()["total"] == 5
    assert sealing.verify() == sealing.Checked(5, 2, ())
    assert sealing.seal(now=NOON) == 0


def test_an_older_link_does_not_replace_a_newer_one_outside() -> None:
    happen(1)
    sealing.seal(now=NOON)
    happen(1)
    sealing.seal(now=NOON)

    sealing.keep_outside(Seal.objects.get(number=1))

    assert sealing.known_outside()["number"] == 2


def test_two_sealers_do_not_seal_the_same() -> None:
    happen(2)
    sealing.seal(now=NOON)
    Event.objects.update(seal=None)  # as a sealer sees it that read before the other one wrote

    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(number=1, at=NOON, n_events=2, total=2, mac="0")


# ── S19: what is done behind the application's back is found ─────────────────────────────────────────────────────────


def change(rng: random.Random, event: Event) -> None:
    column = rng.choice(["kind", "subject_id", "by_id", "centre_id", "at", "facts", "salt", "mac", "subject_kind"])
    value: Any = {
        "kind": "order.lost",
        "subject_kind": "core.seal",
        "at": NOON + timedelta(seconds=1),
        "salt": "x",
    }.get(column, 77)
    value = {"stage": "lost"} if column == "facts" else "f" * 64 if column == "mac" else value
    Event.objects.filter(pk=event.pk).update(**{column: value})


def delete(rng: random.Random, event: Event) -> None:
    Pending.objects.filter(event=event).delete()
    Event.objects.filter(pk=event.pk).delete()


def copy(rng: random.Random, event: Event) -> None:
    event.pk, event.seal_id = None, rng.choice([None, event.seal_id])
    event.save(force_insert=True)
    sealing.seal_all(now=NOON)


def invent(rng: random.Random, event: Event) -> None:
    event.pk, event.seal_id, event.salt, event.mac = None, None, "new", "e" * 64
    event.save(force_insert=True)
    sealing.seal_all(now=NOON)


def unseal(rng: random.Random, event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(seal=None)
    sealing.seal_all(now=NOON)


def move(rng: random.Random, event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(seal=event.seal_id % 5 + 1)


def alter_seal(rng: random.Random, event: Event) -> None:
    column, value = rng.choice([("total", 99), ("n_events", 99), ("mac", "a" * 64), ("at", NOON - timedelta(days=1))])
    Seal.objects.filter(number=event.seal_id).update(**{column: value})


def cut_the_tail(rng: random.Random, event: Event) -> None:
    number = rng.randint(2, 5)
    Pending.objects.all().delete()
    Event.objects.filter(seal__gte=number).delete()
    Seal.objects.filter(number__gte=number).delete()


TAMPERING = [change, change, change, delete, copy, invent, unseal, move, alter_seal, cut_the_tail]


def test_tampering_is_found() -> None:
    for turn in range(5):
        happen(4, stage=f"stage{turn}")
        sealing.seal(now=NOON + timedelta(seconds=turn))
    assert sealing.verify() == sealing.Checked(20, 5, ())
    outside, found = settings.HOME.seal.read_text(), []

    for turn in range(TRIES):
        rng, tamper = random.Random(turn), TAMPERING[turn % len(TAMPERING)]
        point = transaction.savepoint()
        tamper(rng, rng.choice(list(Event.objects.order_by("id"))))
        flaws = sealing.verify().flaws
        found.append((tamper.__name__, flaws))
        transaction.savepoint_rollback(point)
        settings.HOME.seal.write_text(outside)

    missed = [name for name, flaws in found if not flaws]
    print(f"S19 on {connection.vendor}: tampered {TRIES} times, found {len(found) - len(missed)}, missed {missed}")
    assert len(found) == TRIES
    assert not missed
    assert sealing.verify().flaws == ()
