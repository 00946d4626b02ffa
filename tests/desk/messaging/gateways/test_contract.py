"""What every gateway keeps to, whatever it speaks; the fake of the tests keeps it too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dovolen.desk.messaging.gateways import Door, Letter
from tests.desk.messaging.gateways.rigs import BAD, BUSY, CUT, RIGS, Rig

FORGERIES = (
    "\r\nBcc: other@mail.example", "\nX-Forged: 1", "\r", "\n.\r\nMAIL FROM:<x@y.example>", "\x85Bcc: x", "\u2028Bcc: x", "\u2029x",
    "\x0bx", "\x0cx", "\x1b[2J", "\0x", "\x07x", "\x7fx", "\x9bx", "\u202ex", "\u2066x\u2069", "\u200ex", "\u061cx", "\u200bx", "\ufeffx",
    "\u00adx", "\ud800x", "{secret}", "=?utf-8?q?x?=", "\"}],\"x\":[{\"", "%0d%0aBcc: x", "\x1c\x1d\x1ex", "\u2060x", "\U000e0001x", "id:1 stat:DELIVRD",
)  # fmt: skip
SEEN_BY_NOBODY = set(
    "\r\0\x07\x1b\x7f\x9b\x85\u2028\u2029\u202e\u2066\u2069\u200e\u061c\u200b\ufeff\u00ad\u2060\U000e0001\ud800"
)


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Rig]:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    with RIGS[request.param](tmp_path) as rig:
        yield rig


@pytest.fixture
def door(rig: Rig) -> Iterator[Door]:
    door = rig.open()
    yield door
    door.close()


def test_a_letter_arrives_as_it_is_written_and_is_told_so(rig: Rig, door: Door) -> None:
    letter = rig.letter("k1", text="Заказ № 7 готов.\nЖдём вас до 20:00 – ул. Мира, 1")

    (outcome,) = door.send([letter])

    assert (outcome.key, outcome.state) == ("k1", "sent")
    assert outcome.ref
    assert rig.got() == [(letter.address, letter.text)]


def test_of_many_letters_each_has_its_outcome_in_its_place(rig: Rig, door: Door) -> None:
    letters = [rig.letter(f"k{n}", f"+7997201{n:04}", f"Готово {n}") for n in range(120)]

    outcomes = door.send(letters)

    assert [(outcome.key, outcome.state) for outcome in outcomes] == [(letter.key, "sent") for letter in letters]
    assert sorted(rig.got()) == sorted((letter.address, letter.text) for letter in letters)
    assert len({outcome.ref for outcome in outcomes}) == 120


def test_nothing_is_raised_for_one_letter_and_errors_say_whether_they_last(rig: Rig, door: Door) -> None:
    if not rig.refuses:
        pytest.skip("a file refuses nobody")
    letters = [rig.letter("good"), rig.letter("bad", BAD), rig.letter("busy", BUSY), rig.letter("last")]

    outcomes = {outcome.key: outcome for outcome in door.send(letters)}

    states = {key: outcome.state for key, outcome in outcomes.items()}
    assert states == {"good": "sent", "bad": "failed", "busy": "later", "last": "sent"}
    assert outcomes["bad"].detail
    assert outcomes["busy"].detail
    assert len(rig.got()) == 2


@pytest.mark.parametrize(
    "address", ["", "79972000001", "+7", "+7997\r\n200", "a@b", "a@b.c\nBcc: x@y.z", "a b@c.example", "<a@b.example>"]
)
def test_what_is_no_address_fails_for_good_and_never_leaves(rig: Rig, door: Door, address: str) -> None:
    (outcome,) = door.send([Letter("k1", rig.channel, address, "Готово")])

    assert outcome.state == "failed"
    assert rig.got() == []


def test_a_line_cut_after_the_letter_was_taken_is_unclear_and_the_next_letters_go(rig: Rig, door: Door) -> None:
    if not rig.can_be_cut:
        pytest.skip("has no line")

    (cut,) = door.send([rig.letter("cut", CUT)])
    (after,) = door.send([rig.letter("after")])

    assert cut.state == "unclear"
    assert after.state == "sent"
    assert len(rig.got()) == 2


def test_doubles_are_prevented_as_the_gateway_declares(rig: Rig, door: Door) -> None:
    letter = rig.letter("k1")
    door.send([letter])
    other = rig.open()  # of another worker, after the first one died

    if door.prevents_doubles == "key":
        assert other.send([letter])[0].state == "sent"
        assert len(rig.got()) == 1
    elif door.prevents_doubles == "status":
        known, unknown = other.ask([letter, rig.letter("never")])
        assert known is not None
        assert known.state in ("sent", "delivered")
        assert unknown is None
    else:
        assert door.prevents_doubles == "none"
        other.send([letter])
        assert len(rig.got()) == 2
    other.close()


def test_no_text_forges_a_line_a_header_or_the_direction_of_writing(rig: Rig, door: Door) -> None:
    at = rig.letter("x").address
    letters = [Letter(f"k{n}", rig.channel, at, f"Готово{bad}!", f"Заказ{bad}", bad) for n, bad in enumerate(FORGERIES)]

    outcomes = door.send(letters)

    assert {outcome.state for outcome in outcomes} == {"sent"}
    assert len(rig.got()) == len(FORGERIES) == 30
    for address, text in rig.got():
        assert address == at
        assert text.startswith("Готово")
        assert text.endswith("!")
        assert not SEEN_BY_NOBODY & set(text)


def test_what_is_far_too_long_is_one_refusal_or_one_letter_never_an_error(rig: Rig, door: Door) -> None:
    (outcome,) = door.send([rig.letter("k1", text="Ж" * 20_000)])

    assert outcome.state in ("sent", "failed")
    assert len(rig.got()) == (outcome.state == "sent")


def test_closing_twice_harms_nobody(rig: Rig, door: Door) -> None:
    door.send([rig.letter("k1")])

    door.close()
    door.close()

    assert len(rig.got()) == 1
