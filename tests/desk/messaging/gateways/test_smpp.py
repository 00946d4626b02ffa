"""SMPP against a centre on loopback: alphabets, long messages, receipts, answers, a line that breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dovolen.desk.messaging.gateways import Answer, Door, Heard, Letter, Report, Setup, Unreachable, open_door, segments
from tests.desk.messaging.gateways import smsc
from tests.desk.waiting import until

TO = "+79972000001"


@pytest.fixture
def centre(settings: Any) -> Iterator[smsc.Smsc]:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    with smsc.running() as centre:
        yield centre


@pytest.fixture
def door(centre: smsc.Smsc) -> Iterator[Door]:
    door = opened(centre)
    yield door
    door.close()


def opened(centre: smsc.Smsc, **settings: Any) -> Door:
    where = {"host": "127.0.0.1", "port": centre.port, "login": "desk", **settings}
    return open_door(Setup("smpp", "sms", "Centre", where, "secret", "Dovolen"))


def send(door: Door, text: str, to: str = TO, sender: str = "") -> Any:
    return door.send([Letter("k1", "sms", to, text, sender=sender)])[0]


def hear(door: Door, n: int = 1, take: Callable[[Heard], None] | None = None) -> list[Heard]:
    heard: list[Heard] = []
    until(lambda: door.hear(take or heard.append) and len(heard) >= n)
    return heard


@pytest.mark.parametrize(
    ("text", "coding", "n_parts"),
    [
        ("Ready: order 7", 0, 1),
        ("a" * 160, 0, 1),
        ("a" * 161, 0, 2),
        ("€" * 80, 0, 1),
        ("a" * 152 + "€" * 5, 0, 2),
        ("Ж" * 70, 8, 1),
        ("Ж" * 71, 8, 2),
        ("Ж" * 66 + "📱" * 5, 8, 2),
        ("Заказ готов. " * 40, 8, 8),
    ],
)
def test_a_text_goes_in_the_narrowest_alphabet_and_no_sign_is_cut_in_two(
    centre: smsc.Smsc, door: Door, text: str, coding: int, n_parts: int
) -> None:
    outcome = send(door, text.strip())

    assert outcome.state == "sent"
    assert centre.messages() == [(TO[1:], text.strip())]
    assert [unit.coding for unit in centre.units] == [coding] * n_parts
    assert all(unit.body for unit in centre.units)


def test_only_the_last_part_asks_for_a_receipt_and_the_message_bears_its_number(centre: smsc.Smsc, door: Door) -> None:
    outcome = send(door, "Ж" * 150)

    assert [unit.registered for unit in centre.units] == [0, 0, 1]
    assert outcome.ref == centre.units[-1].id


@pytest.mark.parametrize(("sender", "ton"), [("Dovolen", 5), ("+74950000000", 1), ("7777", 3)])
def test_a_sender_is_a_name_a_number_or_a_short_number(centre: smsc.Smsc, door: Door, sender: str, ton: int) -> None:
    send(door, "Ready", sender=sender)

    assert (centre.units[0].source, centre.units[0].source_ton) == (sender.removeprefix("+"), ton)


def test_a_receipt_tells_the_state_and_is_acknowledged_when_it_is_kept(centre: smsc.Smsc, door: Door) -> None:
    ref = send(door, "Готово").ref

    centre.give_receipt(ref, "DELIVRD")

    assert hear(door) == [Report("delivered", ref=ref, detail="DELIVRD 000")]
    until(lambda: centre.acked == [0])


@pytest.mark.parametrize(
    ("stat", "state"), [("UNDELIV", "failed"), ("EXPIRED", "failed"), ("REJECTD", "failed"), ("ENROUTE", "sent")]
)
def test_receipts_in_every_word(centre: smsc.Smsc, door: Door, stat: str, state: str) -> None:
    ref = send(door, "Готово").ref

    centre.give_receipt(ref, stat)

    (report,) = hear(door)
    assert isinstance(report, Report)
    assert report.state == state


@pytest.mark.parametrize(("written", "as_told"), [("decimal", lambda ref: str(int(ref, 16))), ("same", str)])
def test_a_number_that_the_receipt_tells_otherwise_is_known_again(
    centre: smsc.Smsc, written: str, as_told: Callable[[str], str]
) -> None:
    door = opened(centre, receipts=written)
    ref = send(door, "Готово").ref

    centre.give_receipt(as_told(ref), "DELIVRD")

    (report,) = hear(door)
    assert isinstance(report, Report)
    assert report.ref == ref
    door.close()


def test_an_answer_of_a_client_comes_in_with_his_number(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")

    centre.give_answer("79972000001", "Завтра заберу".encode("utf-16-be"))

    (answer,) = hear(door)
    assert isinstance(answer, Answer)
    assert (answer.address, answer.text) == (TO, "Завтра заберу")


def test_parts_of_a_long_answer_are_joined_whatever_their_order(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")
    first, second = (segment.body for segment in segments.segments("Ж" * 70 + "Я" * 50))

    centre.give_answer("79972000001", second, has_head=True)
    centre.give_answer("79972000001", first, has_head=True)

    (answer,) = hear(door)
    assert isinstance(answer, Answer)
    assert answer.text == "Ж" * 70 + "Я" * 50
    until(lambda: centre.acked == [0, 0])


def test_what_could_not_be_kept_comes_again(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")
    centre.give_answer("79972000001", "Да".encode("utf-16-be"))

    def fail(_heard: Heard) -> None:
        raise RuntimeError("the base is away")

    until(lambda: (door.hear(fail), centre.acked)[1])
    door.close()

    again = opened(centre)
    (answer,) = hear(again)
    assert isinstance(answer, Answer)
    assert answer.text == "Да"
    again.close()


def test_what_was_not_acknowledged_when_the_line_broke_comes_again(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")
    centre.give_answer("79972000001", "Да".encode("utf-16-be"))
    send(door, "Ещё")  # the answer is read amid sending and waits for somebody to hear it
    assert centre.acked == []

    centre.cut()
    with pytest.raises(Unreachable):
        door.hear(lambda _: None)

    (answer,) = hear(door)
    assert isinstance(answer, Answer)
    assert answer.text == "Да"


def test_the_same_answer_given_again_bears_the_same_reference(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")

    centre.give_answer("79972000001", "Да".encode("utf-16-be"))
    centre.give_answer("79972000001", "Да".encode("utf-16-be"))

    first, second = hear(door, 2)
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert first.ref == second.ref


def test_the_state_of_a_message_can_be_asked_by_its_number(centre: smsc.Smsc, door: Door) -> None:
    ref = send(door, "Готово").ref
    centre.states[ref] = 2

    known, unknown, never = door.ask(
        [
            Letter("k1", "sms", TO, "Готово", ref=ref),
            Letter("k2", "sms", TO, "Готово", ref="ffff"),
            Letter("k3", "sms", TO, "Готово"),
        ]
    )

    assert known is not None
    assert known.state == "delivered"
    assert unknown is None
    assert never is None


def test_a_wrong_password_lasts_until_it_is_set_otherwise(centre: smsc.Smsc) -> None:
    centre.password = "other"

    with pytest.raises(Unreachable) as refused:
        send(opened(centre), "Готово")

    assert refused.value.is_permanent


def test_nobody_there_is_no_lasting_fault(centre: smsc.Smsc) -> None:
    with pytest.raises(Unreachable) as refused:
        send(opened(centre, port=1), "Готово")

    assert not refused.value.is_permanent


def test_the_line_is_opened_once_and_left_in_order(centre: smsc.Smsc) -> None:
    door = opened(centre)
    for n in range(3):
        send(door, f"Готово {n}")
    door.close()

    assert (centre.n_binds, centre.n_unbinds) == (1, 1)


def test_a_centre_that_asks_whether_we_live_gets_its_answer_amid_sending(centre: smsc.Smsc, door: Door) -> None:
    send(door, "Готово")
    centre.enquire()

    assert send(door, "Ещё").state == "sent"


def test_a_silent_line_is_asked_whether_it_lives(
    centre: smsc.Smsc, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dovolen.desk.messaging.gateways.smpp.KEEP_ALIVE", -1.0)
    send(door, "Готово")

    door.hear(lambda _: None)

    assert centre.n_enquiries == 1


def test_a_refused_part_of_a_long_message_is_told_of_the_whole(centre: smsc.Smsc, door: Door) -> None:
    centre.refuses[TO[1:]] = 0x58

    outcome = send(door, "Ж" * 150)

    assert outcome.state == "later"
    assert "0x00000058" in outcome.detail
