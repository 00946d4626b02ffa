"""What gateways tell later: states that go forward only, answers that find their client, an address that is a secret."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dovolen.desk.core.models import Event
from dovolen.desk.messaging import listening
from dovolen.desk.messaging.actions.reports import hear_answer, hear_report
from dovolen.desk.messaging.gateways import Answer, Report
from dovolen.desk.messaging.models import Gateway, Incoming, Message
from dovolen.desk.people import actions as people
from tests.desk import make_messaging
from tests.desk.conftest import NOON
from tests.desk.make_people import person
from tests.desk.messaging.gateways import provider

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
PHONE = "+79972001122"


@pytest.fixture(autouse=True)
def _house() -> None:
    make_messaging.house()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway.objects.get(channel="sms")


@pytest.fixture
def message(director: Any) -> Message:
    """One that was sent and that its gateway knows as r-1."""
    client = make_messaging.client(by=director, phone=PHONE, email="client@mail.example")
    found = make_messaging.queued(client, by=director)
    make_messaging.deliver()
    Message.objects.filter(pk=found.pk).update(gateway_ref="r-1")
    found.refresh_from_db()
    assert found.state == "sent"
    return found


def told(gateway: Gateway, state: str, **known: Any) -> bool:
    return hear_report(gateway=gateway, state=state, detail="as told", now=LATER, **(known or {"ref": "r-1"}))


# ── Reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivered_message_is_known_by_our_key_or_by_the_gateways_reference(
    gateway: Gateway, message: Message
) -> None:
    assert told(gateway, "delivered", ref="r-1")
    message.refresh_from_db()
    assert (message.state, message.delivered_at, message.detail) == ("delivered", LATER, "as told")

    assert told(gateway, "read", key=str(message.key))
    message.refresh_from_db()
    assert message.state == "read"
    assert message.delivered_at == LATER
    assert Event.objects.filter(kind="message.delivered", subject_id=message.pk).count() == 1


@pytest.mark.parametrize(
    ("first", "late"), [("delivered", "failed"), ("delivered", "sent"), ("read", "delivered"), ("failed", "sent")]
)
def test_a_late_report_takes_back_nothing(gateway: Gateway, message: Message, first: str, late: str) -> None:
    told(gateway, first)

    assert told(gateway, late)

    message.refresh_from_db()
    assert message.state == first


def test_what_did_not_arrive_goes_by_the_next_channel_once(gateway: Gateway, message: Message) -> None:
    told(gateway, "failed")
    told(gateway, "failed")

    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "not_delivered")
    (next_one,) = message.fallbacks.all()
    assert (next_one.channel, next_one.state) == ("email", "queued")


def test_a_report_settles_what_was_unclear(gateway: Gateway, message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state="unclear", sent_at=None)

    told(gateway, "delivered", key=str(message.key))

    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("delivered", LATER)


def test_a_report_of_another_gateway_or_of_nothing_is_not_ours(gateway: Gateway, message: Message) -> None:
    other = Gateway.objects.get(channel="email")

    assert not told(other, "failed", ref="r-1")
    assert not told(other, "failed", key=str(message.key))
    assert not told(gateway, "failed", ref="r-2")
    assert not told(gateway, "failed", key="no-uuid", ref="")
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_report_that_is_faster_than_our_record_is_to_be_told_again(
    gateway: Gateway, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "TOO_EARLY", (0, 0))
    Message.objects.filter(pk=message.pk).update(state="sending", gateway_ref="")

    with pytest.raises(listening.NotKeptYet):
        listening.take(gateway, Report("delivered", ref="r-1"), now=LATER)

    Message.objects.filter(pk=message.pk).update(state="sent", gateway_ref="r-1")
    listening.take(gateway, Report("delivered", ref="r-1"), now=LATER)
    listening.take(gateway, Report("delivered", ref="of somebody else"), now=LATER)
    message.refresh_from_db()
    assert message.state == "delivered"


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def answered(gateway: Gateway, address: str = PHONE, ref: str = "a-1", text: str = "Завтра заберу") -> Incoming:
    return hear_answer(gateway=gateway, ref=ref, address=address, text=text, at=None, now=LATER)


@pytest.mark.parametrize("written", [PHONE, PHONE[1:], "8" + PHONE[2:]])
def test_an_answer_finds_the_client_and_the_order_of_the_last_message(
    gateway: Gateway, message: Message, written: str
) -> None:
    incoming = answered(gateway, written)

    assert (incoming.customer, incoming.order_number, incoming.centre) == (
        message.customer, message.order_number, message.centre
    )  # fmt: skip
    assert incoming.address == PHONE
    event = Event.objects.get(kind="incoming.came")
    assert "Завтра" not in json.dumps(event.facts)


def test_of_several_with_one_number_it_is_he_to_whom_we_wrote_last(
    gateway: Gateway, message: Message, director: Any
) -> None:
    people.add_phone(customer=person(by=director, name="Ещё Один"), number=PHONE, by=director, now=NOON)

    assert answered(gateway).customer == message.customer


def test_whom_nobody_wrote_to_is_known_by_his_card(gateway: Gateway, director: Any) -> None:
    customer = person(by=director, phone="+7 997 200-33-44")

    incoming = answered(gateway, "+79972003344")

    assert (incoming.customer, incoming.centre, incoming.order_number) == (customer, director.centre, None)


def test_an_answer_of_a_stranger_is_kept_without_a_client(gateway: Gateway) -> None:
    incoming = answered(gateway, "SberBank", text="Код 1234\u202e\r\n")

    assert (incoming.customer, incoming.centre, incoming.address, incoming.text) == (None, None, "SberBank", "Код 1234")


def test_the_same_answer_told_again_is_kept_once(gateway: Gateway, message: Message) -> None:
    first = answered(gateway)

    assert answered(gateway, text="другой текст") == first
    assert Incoming.objects.count() == Event.objects.filter(kind="incoming.came").count() == 1


def test_an_answer_heard_on_a_line_is_kept(gateway: Gateway) -> None:
    listening.take(gateway, Answer("a-1", PHONE, "Да"), now=LATER)

    assert Incoming.objects.get().text == "Да"


# ── The address to which providers tell ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def told_by_http(gateway: Gateway, message: Message) -> Gateway:
    recipe = provider.RECIPE.format(port=1, prevents="none")
    Gateway.objects.filter(pk=gateway.pk).update(kind="http", settings={"recipe": recipe})
    gateway.refresh_from_db()
    return gateway


def post(client: Client, token: str, told: Any) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.post(reverse("gateway_reports", args=[token]), body, content_type="application/json")


def test_reports_and_answers_come_to_the_address_of_the_gateway(
    client: Client, told_by_http: Gateway, message: Message
) -> None:
    told = {
        "reports": [{"id": "r-1", "state": "here"}, {"id": "unknown", "state": "here"}],
        "answers": [{"id": "a-1", "from": PHONE, "text": "Да"}],
    }

    response = post(client, told_by_http.report_token, told)

    assert (response.status_code, response.content) == (200, b"ok")
    message.refresh_from_db()
    assert message.state == "delivered"
    assert Incoming.objects.get().customer == message.customer


@pytest.mark.parametrize("told", [b"", b"{", b"null", b"[1,2]", b"\xff"])
def test_nonsense_changes_nothing_and_is_no_fault_of_ours(client: Client, told_by_http: Gateway, told: bytes) -> None:
    assert post(client, told_by_http.report_token, told).status_code in (200, 400)
    assert Incoming.objects.count() == 0


def test_what_is_too_long_is_refused(client: Client, told_by_http: Gateway) -> None:
    assert post(client, told_by_http.report_token, b"x" * 300_000).status_code == 413
    many = {"answers": [{"id": n, "from": PHONE, "text": "x"} for n in range(1001)]}
    assert post(client, told_by_http.report_token, many).status_code == 413
    assert Incoming.objects.count() == 0


def test_a_wrong_address_opens_nothing_and_guessing_is_limited(client: Client, told_by_http: Gateway) -> None:
    statuses = [post(client, f"wrong-{n}", {}).status_code for n in range(32)]

    assert statuses == [404] * 30 + [429] * 2
    assert post(client, told_by_http.report_token, {}).status_code == 429


def test_a_gateway_that_tells_nothing_by_http_has_no_address(client: Client, gateway: Gateway) -> None:
    assert post(client, gateway.report_token, {}).status_code == 404


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_states_are_asked_of_a_provider_that_does_not_tell(
    told_by_http: Gateway, message: Message, settings: Any
) -> None:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    with provider.running() as other:
        recipe = provider.RECIPE.format(port=other.port, prevents="status")
        Gateway.objects.filter(pk=told_by_http.pk).update(settings={"recipe": recipe}, version=2)
        other.taken = [{"id": str(message.key)}]
        other.states = {str(message.key): "here"}

        listening.ask(now=LATER)
        listening.ask(now=LATER)

    message.refresh_from_db()
    assert (message.state, message.delivered_at) == ("delivered", LATER)
    assert len(other.asked) == 1
