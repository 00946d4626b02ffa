"""What goes into the outbox, what the gate says of it, what follows when a channel fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.core import journal
from dovolen.desk.messaging.models import CALL, EMAIL, SMS, Gateway, Incoming, Message, Notice
from dovolen.desk.people import actions as people
from tests.desk import make_messaging as make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 20, 30, tzinfo=NOON.tzinfo)
"""Half past eleven in Moscow."""


def kinds(message: Message) -> list[str]:
    return list(journal.timeline(message).order_by("id").values_list("kind", flat=True))


def test_a_notice_waits_in_the_outbox_with_its_text_parts_and_the_channels_that_are_left(director: Any) -> None:
    make.house()
    customer = make.client(by=director, name="Карпова Марина Олеговна")

    message = make.queued(customer, by=director)

    assert (message.state, message.channel, message.purpose) == ("queued", SMS, "service")
    assert message.text.startswith("Заказ № 24817 готов. К оплате 3 040 ₽. ")
    assert "\u00a0" not in message.text
    assert message.n_parts == 1
    assert [later["channel"] for later in message.later_channels] == [EMAIL, CALL]
    assert message.later_channels[0]["text"].startswith("Уважаемая Марина Олеговна!")
    assert kinds(message) == ["message.queued"]


def test_one_occasion_is_told_once(director: Any) -> None:
    make.house()
    customer = make.client(by=director)

    first = make.queued(customer, by=director, occasion="ready 1")
    second = make.queued(customer, by=director, occasion="ready 1")

    assert first is not None
    assert second is None


def test_a_notice_that_is_off_says_nothing(director: Any) -> None:
    make.house()
    Notice.objects.update(is_on=False)

    assert make.queued(make.client(by=director), by=director) is None


def test_what_may_not_go_is_kept_with_its_reason_and_somebody_is_asked_to_call(director: Any) -> None:
    make.house()

    last = make.queued(make.client(by=director, agreed=()), by=director)

    assert list(Message.objects.order_by("pk").values_list("channel", "state", "reason")) == [
        (SMS, "refused", "no_consent"), (EMAIL, "refused", "no_address"),
    ]  # fmt: skip
    assert kinds(last) == ["message.refused", "message.undeliverable"]
    assert journal.timeline(last).first().facts["calls"] is True


def test_at_night_a_message_waits_for_the_morning_of_the_client(director: Any) -> None:
    make.house()

    message = make.queued(make.client(by=director), by=director, now=NIGHT)

    assert (message.state, message.not_before) == ("queued", datetime(2026, 11, 21, 5, 0, tzinfo=NOON.tzinfo))
    assert make.deliver(NIGHT + timedelta(minutes=30)) == 0
    make.deliver(NIGHT + timedelta(hours=1))
    message.refresh_from_db()
    assert (message.state, message.tries) == ("queued", 0)
    make.deliver(datetime(2026, 11, 21, 5, 1, tzinfo=NOON.tzinfo))
    message.refresh_from_db()
    assert message.state == "sent"


def test_who_stands_at_the_desk_is_told_at_once_and_not_in_the_middle_of_the_night(director: Any) -> None:
    make.house()
    customer = make.client(by=director)

    assert make.queued(customer, by=director, notice="order.accepted", now=NIGHT).not_before is None
    assert make.queued(customer, by=director, notice="order.ready", now=NIGHT).not_before is not None
    make.deliver(NIGHT + timedelta(hours=1))
    assert not Message.objects.filter(state="sent").exists()


def test_who_wrote_a_moment_ago_is_answered_at_any_hour(director: Any) -> None:
    make.house()
    customer = make.client(by=director)
    gateway = Gateway.objects.filter(channel=SMS).get()
    Incoming.objects.create(
        gateway=gateway, gateway_ref="1", channel=SMS, address="x", text="?", at=NIGHT, customer=customer
    )

    assert make.queued(customer, by=director, now=NIGHT + timedelta(minutes=5)).not_before is None
    assert make.queued(customer, by=director, now=NIGHT + timedelta(minutes=40)).not_before is not None


def test_a_message_goes_and_leaves_an_event(director: Any) -> None:
    make.house()
    message = make.queued(make.client(by=director), by=director)

    assert make.deliver() == 1

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.gateway_ref) == ("sent", NOON, str(message.key))
    assert kinds(message) == ["message.queued", "message.sent"]
    assert make.deliver() == 0


def test_a_consent_taken_back_stops_what_waits(director: Any) -> None:
    make.house()
    customer = make.client(by=director, email="marina@example.org")
    message = make.queued(customer, by=director)
    people.record_consent(customer=customer, purpose="service", is_given=False, proof="call", by=director, now=NOON)

    make.deliver()

    assert list(Message.objects.order_by("pk").values_list("channel", "state", "reason")) == [
        (SMS, "refused", "no_consent"), (EMAIL, "refused", "no_consent"),
    ]  # fmt: skip
    assert Message.objects.get(channel=EMAIL).instead_of == message


def test_what_is_stale_is_not_sent(director: Any) -> None:
    make.house()
    message = make.queued(make.client(by=director), by=director, expires_at=NOON + timedelta(minutes=5))

    make.deliver(NOON + timedelta(minutes=6))

    message.refresh_from_db()
    assert (message.state, message.reason) == ("expired", "stale")


def test_without_a_way_out_the_next_channel_is_tried(director: Any) -> None:
    make.house()
    Gateway.objects.filter(channel=SMS).update(is_on=False)

    message = make.queued(make.client(by=director, email="marina@example.org"), by=director)

    assert (message.channel, message.state, message.subject) == (EMAIL, "queued", "Заказ №\u00a024817 готов")
    assert message.instead_of.reason == "no_gateway"
