"""From the outbox to a gateway: what a gateway says, what a dead sender leaves, how fast, in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dovolen.desk.core import journal
from dovolen.desk.core.models import Mark
from dovolen.desk.messaging import doors, sending
from dovolen.desk.messaging.gateways import DOORS
from dovolen.desk.messaging.models import CALL, EMAIL, SMS, Gateway, Message, Notice
from dovolen.desk.people import actions as people
from tests.desk import make_messaging as make
from tests.desk.conftest import NOON
from tests.desk.messaging.fake_gateway import FakeDoor
from tests.desk.messaging.fake_gateway import journal as taken

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=2)
"""When leases of noon are over."""


class Died(BaseException):
    """The sender was killed."""


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None) -> Callable[..., Path]:
    """Sends SMS through the fake; gives the folder of its journal."""
    monkeypatch.setitem(DOORS, "http", FakeDoor)

    def set_up(**told: Any) -> Path:
        doors.close_all()
        make.house()
        settings = {"folder": str(tmp_path), **told}
        Gateway.objects.filter(channel=SMS).update(kind="http", settings=settings)
        doors._places.clear()
        return tmp_path

    return set_up


def dies(monkeypatch: pytest.MonkeyPatch, now: Any = NOON) -> None:
    """A step of sending that is killed after the letters were handed over."""

    def killed(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_record", killed)
        with pytest.raises(Died):
            make.deliver(now)


def fate(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


@pytest.mark.parametrize("way", ["key", "status"])
def test_a_gateway_that_can_tell_gets_a_message_once_though_its_sender_died(
    director: Any, door: Any, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    folder = door(prevents=way)
    message = make.queued(make.client(by=director), by=director)
    dies(monkeypatch)

    assert fate(message) == ("sending", "")
    assert make.deliver() == 0
    for _ in range(3):
        make.deliver(LATER)

    assert fate(message) == ("sent", "")
    assert len(taken(folder)) == 1


def test_where_nobody_can_tell_it_is_unclear_and_never_goes_again_by_itself(
    director: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = door(prevents="none")
    message = make.queued(make.client(by=director), by=director)
    dies(monkeypatch)

    for _ in range(3):
        make.deliver(LATER)

    assert fate(message) == ("unclear", "interrupted")
    assert len(taken(folder)) == 1
    assert journal.timeline(message).first().kind == "message.unclear"  # type: ignore[union-attr]


def test_what_a_gateway_never_saw_goes_as_new(director: Any, door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = door(prevents="status")
    message = make.queued(make.client(by=director), by=director)
    dies(monkeypatch)
    (folder / "journal.jsonl").write_text("")

    make.deliver(LATER)
    make.deliver(LATER)
    assert fate(message) == ("sending", "interrupted")
    make.deliver(LATER + sending.LEASE)
    make.deliver(LATER + sending.LEASE)

    assert fate(message) == ("sent", "")
    assert len(taken(folder)) == 1


def test_a_sender_that_is_late_hands_nothing_over(director: Any, door: Any) -> None:
    folder = door(prevents="none")
    message = make.queued(make.client(by=director), by=director)
    gateway = Gateway.objects.get(channel=SMS)
    rows, _ = sending._claimed(gateway, lambda: NOON)

    sending._hand_over(gateway, rows, lambda: NOON + sending.LEASE * 0.6)

    assert fate(message) == ("queued", "")
    assert taken(folder) == []


def test_what_may_have_gone_is_not_called_refused(director: Any, door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    door(prevents="key")
    customer = make.client(by=director)
    message = make.queued(customer, by=director)
    dies(monkeypatch)
    people.record_consent(customer=customer, purpose="service", is_given=False, proof="call", by=director, now=NOON)

    for _ in range(2):
        make.deliver(LATER)

    assert fate(message) == ("unclear", "interrupted")


def test_a_late_sender_writes_over_nobody(director: Any, door: Any) -> None:
    door(prevents="key")
    message = make.queued(make.client(by=director), by=director)
    rows, _ = sending._claimed(Gateway.objects.get(channel=SMS), lambda: NOON)
    Message.objects.filter(pk=message.pk).update(token=rows[0].token + 1)

    sending._hand_over(Gateway.objects.get(channel=SMS), rows, lambda: NOON)

    assert fate(message) == ("sending", "")


def test_a_refusal_of_the_gateway_is_followed_by_the_next_channel(director: Any, door: Any) -> None:
    customer = make.client(by=director, email="marina@example.org")
    door(refuses={customer.phones.get().number: "failed"})
    message = make.queued(customer, by=director)

    make.deliver()

    assert fate(message) == ("failed", "gateway_refused")
    assert message.detail == "as told"
    letter = Message.objects.get(instead_of=message)
    assert (letter.channel, letter.subject, letter.state) == (EMAIL, "Заказ №\u00a024817 готов", "sent")


def test_after_the_last_channel_somebody_is_asked_to_call(director: Any, door: Any) -> None:
    customer = make.client(by=director)
    door(refuses={customer.phones.get().number: "failed"})
    Notice.objects.filter(code="order.ready").update(channels=[SMS, CALL])
    message = make.queued(customer, by=director)

    make.deliver()

    event = journal.timeline(message).first()
    assert event is not None
    assert (event.kind, event.facts["calls"], event.facts["order_number"]) == ("message.undeliverable", True, 24817)


def test_what_could_not_go_now_is_tried_five_times(director: Any, door: Any) -> None:
    customer = make.client(by=director)
    door(refuses={customer.phones.get().number: "later"})
    Notice.objects.filter(code="order.ready").update(channels=[SMS])
    message = make.queued(customer, by=director)

    seen = []
    for n in range(6):
        make.deliver(NOON + timedelta(minutes=10 * n))
        seen.append(fate(message))

    assert seen == [("queued", "")] * 4 + [("failed", "tries_over")] * 2


def test_a_gateway_that_is_down_is_left_in_peace_and_nothing_is_lost(director: Any, door: Any) -> None:
    folder = door()
    message = make.queued(make.client(by=director), by=director)
    (folder / "down").touch()

    make.deliver()

    assert fate(message) == ("queued", "")
    assert message.tries == 0
    gateway = Gateway.objects.get(channel=SMS)
    shown = Mark.objects.get(name=f"gateway.{gateway.pk}").facts
    assert (shown["is_well"], shown["name"]) == (False, gateway.name)
    (folder / "down").unlink()
    assert make.deliver(NOON + timedelta(milliseconds=500)) == 0
    make.deliver(NOON + timedelta(seconds=2))
    assert fate(message) == ("sent", "")
    assert Mark.objects.get(name=f"gateway.{gateway.pk}").facts["is_well"] is True


def test_a_gateway_gets_no_more_than_its_rate(director: Any, door: Any) -> None:
    folder = door()
    Gateway.objects.update(per_second=2)
    for _ in range(5):
        make.queued(make.client(by=director), by=director)

    counts = []
    for n in range(4):
        make.deliver(NOON + timedelta(seconds=n))
        make.deliver(NOON + timedelta(seconds=n))
        counts.append(len(taken(folder)))

    assert counts == [2, 4, 5, 5]


def test_a_cap_holds_among_messages_of_one_claim(director: Any, door: Any) -> None:
    folder = door()
    customer = make.client(by=director, agreed=("service", "advertising"))
    Notice.objects.update(purpose="advertising", channels=[SMS])
    first, second = (make.queued(customer, by=director) for _ in range(2))

    assert second.reason == "frequency_cap"
    Message.objects.filter(pk=second.pk).update(state="queued", reason="")
    make.deliver()

    assert (fate(first), fate(second)) == (("sent", ""), ("refused", "frequency_cap"))
    assert len(taken(folder)) == 1


def test_three_failures_in_a_row_and_the_operator_is_believed(director: Any, door: Any) -> None:
    customer = make.client(by=director)
    number = customer.phones.get().number
    door(refuses={number: "failed"})
    Notice.objects.update(channels=[SMS])

    for n in range(4):
        message = make.queued(customer, by=director, now=NOON + timedelta(minutes=n))
        make.deliver(NOON + timedelta(minutes=n))

    assert fate(message) == ("refused", "operator_refused")
    later = NOON + timedelta(days=31)
    assert make.queued(customer, by=director, now=later).state == "queued"


def test_a_number_that_he_gave_up_gets_nothing(director: Any, door: Any) -> None:
    folder = door()
    customer = make.client(by=director)
    message = make.queued(customer, by=director)
    people.remove_phone(phone=customer.phones.get(), by=director, now=NOON)

    make.deliver()

    assert fate(message) == ("refused", "no_address")
    assert taken(folder) == []


def test_a_claim_takes_the_same_number_of_questions_whatever_its_size(director: Any, door: Any) -> None:
    door()
    counts = []
    for n in (1, 2, 9):
        for _ in range(n):
            make.queued(make.client(by=director), by=director)
        with CaptureQueriesContext(connection) as asked:
            assert make.deliver() == n
        counts.append(len(asked))

    assert counts[1] == counts[2] < 40
