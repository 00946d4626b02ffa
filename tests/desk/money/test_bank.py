"""The text of banks: what is read, what is passed over, what is refused; never a traceback."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.desk.money import bank
from tests.desk.make_statements import OTHER, OURS, PAYER, document, statement


def came(data: bytes, account: str = OURS) -> bank.Sorted:
    return bank.sort(bank.read(data), account)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "cp866"])
@pytest.mark.parametrize("version", bank.VERSIONS)
def test_a_payment_is_read_in_every_encoding_and_version(encoding: str, version: str) -> None:
    (line,) = came(statement(document(), version=version, encoding=encoding)).incoming

    assert (line.number, line.day, line.amount) == ("417", date(2026, 11, 19), 1_250_050)
    assert (line.payer, line.payer_tax_number) == ('ООО "Пример"', "7604000019")
    assert (line.payer_account, line.purpose) == (PAYER, "Оплата по счёту № 12 от 18.11.2026, без НДС")


def test_the_day_money_came_is_told_before_the_day_of_the_paper() -> None:
    both = came(statement(document(Дата="17.11.2026", ДатаПоступило="19.11.2026"), document(ДатаПоступило="")))

    assert [line.day for line in both.incoming] == [date(2026, 11, 19), date(2026, 11, 18)]


def test_expenses_other_accounts_and_what_makes_no_sense_are_passed_over_and_counted() -> None:
    told = came(
        statement(
            document(),
            document(ПлательщикСчет=OURS, ПолучательСчет=OTHER),
            document(ПолучательСчет=OTHER),
            document(Сумма="12,5,0"),
            document(Сумма="-10.00"),
            document(Сумма="0.00"),
            document(ДатаПоступило="31.02.2026", Дата="31.02.2026"),
        )
    )

    assert (len(told.incoming), told.n_expenses, told.n_others, len(told.malformed)) == (1, 1, 1, 4)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [("100", 10_000), ("100.5", 10_050), ("100,05", 10_005), ("1 000 001.01", 100_000_101), ("0.01", 1)],
)
def test_a_sum_is_read_to_the_kopeck(text: str, kopecks: int) -> None:
    assert [line.amount for line in came(statement(document(Сумма=text))).incoming] == [kopecks]


def test_a_purpose_in_pieces_or_in_lines_of_its_own_is_one_text() -> None:
    pieces = {"НазначениеПлатежа": "", "НазначениеПлатежа1": "За ремонт", "НазначениеПлатежа2": "по счёту 12"}
    broken = {"НазначениеПлатежа": "За ремонт\r\nпо счёту 12\r\nбез НДС=0"}

    told = came(statement(document(**pieces), document(**broken)))

    assert [line.purpose for line in told.incoming] == ["За ремонт по счёту 12", "За ремонт по счёту 12 без НДС=0"]


def test_a_payer_told_only_with_his_tax_number_before_his_name_is_both() -> None:
    (line,) = came(
        statement(document(ПлательщикИНН="", Плательщик1="", Плательщик="ИНН 7604000019 ООО Пример"))
    ).incoming

    assert (line.payer, line.payer_tax_number) == ("ООО Пример", "7604000019")


def test_equal_payments_of_a_day_are_two_and_the_file_read_again_gives_the_same() -> None:
    first, again = (came(statement(document(), document())).incoming for _ in range(2))

    assert len({line.digest for line in first}) == 2
    assert [line.digest for line in first] == [line.digest for line in again]


def test_a_longer_file_knows_the_lines_of_the_shorter_one() -> None:
    shorter = came(statement(document(), document(Номер="2"))).incoming
    longer = came(statement(document(Номер="1"), document(), document(Номер="2"), document())).incoming

    assert {line.digest for line in shorter} < {line.digest for line in longer}


def test_a_document_that_does_not_end_is_counted_and_the_next_is_read() -> None:
    cut = document().rpartition("КонецДокумента")[0]

    told = bank.read(statement(cut, document()))

    assert (len(told.documents), told.n_broken) == (1, 1)


def test_a_file_that_breaks_off_says_so() -> None:
    whole = statement(document())

    assert bank.read(whole).is_whole
    assert not bank.read(whole.rpartition("КонецФайла".encode("cp1251"))[0]).is_whole


def test_the_period_is_the_widest_that_the_file_names() -> None:
    told = bank.read(statement())

    assert (told.begins_on, told.ends_on) == (date(2026, 11, 1), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n \r\n", "empty"),
        ("Выписка по счёту".encode(), "not_1c"),
        (b"PK\x03\x04 a workbook", "not_1c"),
        (b"1CClientBankExchange\r\n", "version"),
        (statement(document(), version="2.00"), "version"),
        (statement(document(), account=""), "no_account"),
        (b"x" * (bank.LARGEST + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_statement_is_refused_for_one_reason(data: bytes, code: str) -> None:
    with pytest.raises(bank.Unreadable) as refused:
        bank.read(data)

    assert refused.value.code == code


def test_more_documents_than_a_file_may_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank, "MOST_DOCUMENTS", 2)

    with pytest.raises(bank.Unreadable, match="too_many"):
        bank.read(statement(*[document()] * 3))


WORDS = st.sampled_from(
    [
        bank.HEAD, "ВерсияФормата=1.03", f"РасчСчет={OURS}", bank.ACCOUNT_SECTION, bank.ACCOUNT_END,
        "СекцияДокумент=Платежное поручение", bank.DOCUMENT_END, bank.TAIL, f"ПолучательСчет={OURS}", "Сумма=10.00",
        "Дата=19.11.2026", "НазначениеПлатежа=", "=", "Номер==1", "Сумма=1e999", "Дата=99.99.9999", "Плательщик=ИНН",
        "Сумма=١٢", "\x00", "\ud800", "\u2028",
    ]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=30), max_size=40), st.sampled_from(["cp1251", "utf-8", "utf-16", "cp866"]))
def test_no_text_at_all_makes_it_stumble(lines: list[str], encoding: str) -> None:
    reads_or_refuses(("\r\n".join([bank.HEAD, *lines])).encode(encoding, errors="replace"))


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_at_all_make_it_stumble(data: bytes, is_begun: bool) -> None:
    reads_or_refuses((bank.HEAD.encode() + b"\r\n" if is_begun else b"") + data)


def reads_or_refuses(data: bytes) -> None:
    try:
        told = bank.read(data)
    except bank.Unreadable:
        return
    found: Any = bank.sort(told, OURS)
    assert len(found.incoming) + found.n_expenses + found.n_others + len(found.malformed) == len(told.documents)
    for line in found.incoming:
        assert line.amount > 0
        assert all(len(getattr(line, name)) <= most for name, most in bank.LENGTHS.items())
        assert "\0" not in line.purpose + line.payer + line.number
        (line.purpose + line.payer + line.number).encode()
