"""Sums, names and posts as Russian papers write them."""

from __future__ import annotations

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.core.words import in_language
from dovolen.desk.documents.wording import (
    acts_as,
    genitive_name,
    genitive_post,
    short_name,
    sum_in_words,
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (100_000_101, "Один миллион один рубль 01 копейка"),
        (0, "Ноль рублей 00 копеек"),
        (200, "Два рубля 00 копеек"),
        (1_100_102, "Одиннадцать тысяч один рубль 02 копейки"),
        (2_122_05, "Две тысячи сто двадцать два рубля 05 копеек"),
        (100_021, "Одна тысяча рублей 21 копейка"),
        (511_11, "Пятьсот одиннадцать рублей 11 копеек"),
        (99_900_000_099, "Девятьсот девяносто девять миллионов рублей 99 копеек"),
    ],
)  # fmt: skip
def test_roubles_stand_in_words_and_kopecks_in_digits(amount: int, told: str) -> None:
    assert sum_in_words(amount, "RUB", in_language("ru")).replace("\u00a0", " ") == told


def test_other_currencies_and_english_are_told_as_well() -> None:
    assert sum_in_words(100_000_101, "RUB", in_language("en")).replace("\u00a0", " ") == (
        "One million and one roubles 01 kopeck"
    )
    assert sum_in_words(2_200, "KZT", in_language("ru")).replace("\u00a0", " ") == "Двадцать два тенге 00 тиынов"
    assert sum_in_words(150, "TRY", in_language("ru")) == "Один TRY 50/100"


@pytest.mark.parametrize(
    ("name", "genitive", "short", "acts"),
    [
        ("Иванов Иван Иванович", "Иванова Ивана Ивановича", "Иванов И. И.", "действующего"),
        ("Мельник Ольга Петровна", "Мельник Ольги Петровны", "Мельник О. П.", "действующей"),
        ("Мельник Олег Петрович", "Мельника Олега Петровича", "Мельник О. П.", "действующего"),
        ("Шевченко Анна Сергеевна", "Шевченко Анны Сергеевны", "Шевченко А. С.", "действующей"),
        ("Белых Пётр Ильич", "Белых Петра Ильича", "Белых П. И.", "действующего"),
        ("Живаго Лев Львович", "Живаго Льва Львовича", "Живаго Л. Л.", "действующего"),
        ("Седова Ольга", "Седовой Ольги", "Седова Ольга", "действующей"),
        ("Иван Иванович Петров", "Петрова Ивана Ивановича", "Петров И. И.", "действующего"),
        ("Абрамович Роман Аркадьевич", "Абрамовича Романа Аркадьевича", "Абрамович Р. А.", "действующего"),
        ("Иванов И. И.", "Иванов И. И.", "Иванов И. И.", "действующего"),
        ("ООО «Управляющая компания Вектор плюс»", "ООО «Управляющая компания Вектор плюс»",
         "ООО «Управляющая компания Вектор плюс»", "действующего (-ей)"),
        ("", "", "", "действующего (-ей)"),
    ],
)  # fmt: skip
def test_names_decline_by_their_gender(name: str, genitive: str, short: str, acts: str) -> None:
    assert genitive_name(name) == genitive
    assert short_name(name).replace("\u00a0", " ") == short
    assert acts_as(name) == acts


@pytest.mark.parametrize(
    ("post", "genitive"),
    [
        ("Генеральный директор", "генерального директора"),
        ("Директор", "директора"),
        ("Управляющий", "управляющего"),
        ("Исполняющий обязанности директора", "исполняющего обязанности директора"),
        ("Заместитель директора по развитию", "заместителя директора по развитию"),
        ("Председатель правления", "председателя правления"),
        ("Глава", "главы"),
        ("Президент", "президента"),
    ],
)
def test_posts_stand_in_the_genitive(post: str, genitive: str) -> None:
    assert genitive_post(post) == genitive
