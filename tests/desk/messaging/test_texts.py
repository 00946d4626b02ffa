"""Texts of messages: greetings, placeholders, signs of advertising, SMS parts, clocks of clients."""

from __future__ import annotations

import pytest

from dovolen.desk.messaging import greetings, sms, standard, texts, zones
from dovolen.desk.messaging.models import CALL, EMAIL, SMS
from dovolen.desk.messaging.wording import standard as standard_words
from dovolen.insight.words import LANGUAGES
from tests.desk.make_messaging import VALUES


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("Карпова Марина Олеговна", "person", "Уважаемая Марина Олеговна"),
        ("Иван Иванович Петров", "person", "Уважаемый Иван Иванович"),
        ("Петров Иван", "person", "Здравствуйте, Иван"),
        ("Саша", "person", "Здравствуйте, Саша"),
        ("И. И. Петров", "person", "Здравствуйте"),
        ("Артём Ёлкин", "person", "Здравствуйте, Артём"),
        ("ООО «Линия»", "company", "Здравствуйте"),
    ],
)
def test_people_are_greeted_by_name_and_in_their_gender(name: str, kind: str, said: str) -> None:
    assert greetings.greeting(name, kind, "ru") == said


def test_a_name_is_declined() -> None:
    name = "Карпова Марина Олеговна"

    assert greetings.in_case(name, "person", greetings.GENITIVE) == "Марины Олеговны"
    assert greetings.in_case(name, "person", greetings.DATIVE) == "Марине Олеговне"
    assert greetings.in_case("Саша", "person", greetings.DATIVE) == "Саша"
    assert greetings.in_case("John Smith", "person", greetings.DATIVE) == "John"


def test_a_sentence_that_has_nothing_to_say_is_left_out() -> None:
    body = "Заказ № {order} готов. К оплате {debt}. Ждём вас, тел. {phone}."

    assert texts.render(body, {"order": "7", "debt": "", "phone": "112"}) == "Заказ № 7 готов. Ждём вас, тел. 112."
    assert texts.render(body, {"order": "7", "debt": "3 ₽"}) == "Заказ № 7 готов. К оплате 3 ₽."


def test_a_line_that_is_left_empty_goes() -> None:
    assert texts.render("{greeting}!\n\nГотов.\n{address}\n{phone}", {"greeting": "Здравствуйте", "phone": "112"}) == (
        "Здравствуйте!\n\nГотов.\n112"
    )


def test_a_value_brings_no_line_or_sign_of_its_own() -> None:
    assert texts.render("{device}", {"device": "Acer\r\nSubject: x\u202e\x00 {order}"}) == "Acer Subject: x {order}"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Готов {order}", []), ("  ", ["empty"]), ("{ordr}", ["unknown"]), ("{part}", ["not_here"]),
        ("{order", ["brace"]), ("{order}}", ["brace"]), ("я" * 671, ["too_long"]), ("{a b}", ["brace"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_told(body: str, codes: list[str]) -> None:
    assert [fault.code for fault in texts.check(body, allowed=texts.allowed_in("order.ready"))] == codes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", standard.NOTICES, ids=lambda one: one.code)
def test_standard_words_are_sound_say_only_what_is_known_and_do_not_advertise(
    notice: standard.Standard, language: str
) -> None:
    for channel in set(notice.channels) - {CALL}:
        words = standard_words(notice.code, channel, language)
        text = texts.render(words.body, VALUES | {"greeting": "Здравствуйте", "centre": "Сервис"})

        assert texts.check(words.body, allowed=texts.allowed_in(notice.code), channel=channel) == []
        assert not texts.advertises(words.body + words.subject)
        assert bool(words.subject) is (channel == EMAIL)
        assert channel != SMS or sms.measured(text).n_parts <= 3


@pytest.mark.parametrize(
    "text",
    ["Скидка 10 % на чистку", "Только сегодня −20 %", "Приведи друга", "Акция до пятницы", "10 % off", "Buy now",
     "Бесплатная диагностика", "Успейте купить"],
)  # fmt: skip
def test_an_offer_in_a_service_text_is_noticed(text: str) -> None:
    assert texts.advertises(text)


@pytest.mark.parametrize(
    "text",
    ["Заказ готов, ждём вас", "Бесплатно храним до 1 декабря", "Смета на 3 040 ₽ ждёт решения", "Order 7 is ready",
     "Заряд батареи 80 %"],
)  # fmt: skip
def test_news_of_an_order_is_no_offer(text: str) -> None:
    assert texts.advertises(text) == []


@pytest.mark.parametrize(
    ("text", "alphabet", "n_chars", "n_parts", "left"),
    [
        ("a" * 160, "gsm7", 160, 1, 0), ("a" * 161, "gsm7", 161, 2, 145), ("€" * 80, "gsm7", 160, 1, 0),
        ("€" * 81, "gsm7", 162, 2, 143), ("я" * 70, "ucs2", 70, 1, 0), ("я" * 71, "ucs2", 71, 2, 63),
        ("я" * 134, "ucs2", 134, 2, 0), ("я" * 135, "ucs2", 135, 3, 66), ("😀" * 35, "ucs2", 70, 1, 0),
        ("😀" * 36, "ucs2", 72, 2, 61), ("№ 1", "ucs2", 3, 1, 67), ("10\u00a0000", "gsm7", 6, 1, 154), ("", "gsm7", 0, 1, 160),
    ],
)  # fmt: skip
def test_parts_of_an_sms(text: str, alphabet: str, n_chars: int, n_parts: int, left: int) -> None:
    assert sms.measured(text) == sms.Measured(alphabet, n_chars, n_parts, left)


def test_what_is_counted_is_what_is_sent() -> None:
    from dovolen.desk.messaging.gateways.segments import segments

    for text in ("a" * 161, "€" * 81, "a" * 152 + "€" * 5, "я" * 135, "😀" * 70, "Заказ № 7"):
        assert sms.measured(text).n_parts == len(segments(text))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("+74951234567", ("Europe/Moscow",)), ("+74012345678", ("Europe/Kaliningrad",)),
        ("+73832345678", ("Asia/Krasnoyarsk",)), ("+79972000000", ()), ("+79032000000", ()),
        ("+375291234567", ("Europe/Minsk",)), ("+79221234567", ("Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg")),
        ("nonsense", ()),
    ],
)  # fmt: skip
def test_the_zone_of_a_number(number: str, told: tuple[str, ...]) -> None:
    assert zones.of_number(number) == told


def test_kazakhstan_shares_the_code_of_russia_and_not_its_zones() -> None:
    assert "Asia/Almaty" in zones.of_number("+77011234567")


def test_without_a_telling_number_the_clock_is_the_centres() -> None:
    assert zones.of(["+79972000000"], "Asia/Omsk") == ("Asia/Omsk",)
    assert zones.of(["+79972000000", "+74012345678"], "Asia/Omsk") == ("Europe/Kaliningrad",)
