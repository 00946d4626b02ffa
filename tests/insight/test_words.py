from __future__ import annotations

import re
import string
from datetime import date

import pytest

from dovolen.insight.cells import FAMILIES, ICONS, OF_SHEET
from dovolen.insight.words import FOLDER, LANGUAGES, MINUS, NBSP, Words, _entries, tie
from tests.insight.sample_study import sample

CODES = {
    "segment": "champions potential_loyalist loyal_customers promising new_customers cant_lose at_risk need_attention "
    "about_to_sleep lost hibernating",
    "tactic.segment": "champions potential_loyalist loyal_customers promising new_customers cant_lose at_risk "
    "need_attention about_to_sleep lost hibernating",
    "state": "new active loyal returned dormant lost blocked absent never_served",
    "dna.letter": "new active loyal returned dormant lost blocked",
    "step": "opening new returned dormant lost blocked closing passed",
    "class": "intermediary regular one_off",
    "kind": "person company unknown",
    "says": "should_be_marked marked_without_reason brings_much",
    "because": "by_hand assets_8_weeks fast_pickups marked orders_91 assets company",
    "reading": "recent cooling cold",
    "tactic.reading": "recent cooling cold",
    "pattern": "best_r best_f best_m worst_r worst_f worst_m mixed",
    "tactic.pattern": "best_r best_f best_m worst_r worst_f worst_m mixed",
    "group": "best normal sleeping worst",
    "band": "18_up 6_17 2_5 1 high middle low to_90 to_180 to_365 over_365",
    "rfm.code": "555 155 551",
    "tactic.code": "555 155 551",
    "from": "given mapping header default",
    "reason": "rows_in rows_used no_date spoiled_amount",
    "action": "kept set_aside half_even listed",
    "unit": "clients orders visits money share days hours count ratio date text id points",
    "section": "quality figures advice classes cascade lifecycle rfm cohorts frequency slices rules",
    "weekday": "1 2 3 4 5 6 7",
}


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    russian, english = _entries("ru"), _entries("en")

    assert set(russian) == set(english)
    for key in russian:
        assert _blanks(russian[key]) == _blanks(english[key]), key


def test_no_key_is_written_twice() -> None:
    for lang in LANGUAGES:
        keys = [
            key
            for path in FOLDER.glob(f"*{lang}.toml")
            for key in re.findall(r'^"([^"]+)" =', path.read_text(), re.MULTILINE)
        ]
        assert len(keys) == len(set(keys))


def test_every_code_has_its_words(words: Words) -> None:
    missing = [f"{family}.{code}" for family, codes in CODES.items() for code in codes.split()
               if f"{family}.{code}" not in words]  # fmt: skip
    missing += [f"strategy.{recency}.{revenue}" for recency in ("to_90", "to_180", "to_365", "over_365")
                for revenue in ("high", "middle", "low") if f"strategy.{recency}.{revenue}" not in words]  # fmt: skip

    assert not missing
    assert set(ICONS) <= set(CODES["state"].split())


def test_every_figure_sheet_column_and_rule_of_a_study_has_its_words(words: Words) -> None:
    study = sample()

    wanted = {f"figure.{key}" for key in study.figures} | {f"sheet.{key}" for key in study.sheets}
    wanted |= {f"column.{name}" for sheet in study.sheets.values() for name, _ in sheet.columns}
    wanted |= {figure.rule for figure in study.figures.values()} | {sheet.rule for sheet in study.sheets.values()}
    for sheet in study.sheets.values():
        for name, _ in sheet.columns:
            family = OF_SHEET.get((sheet.key, name)) or FAMILIES.get(name)
            if family and family != "finding":
                wanted |= {
                    f"{family}.{row[name]}"
                    for row in sheet.records()
                    if isinstance(row[name], str) and row[name] != "—"
                }

    assert not {key for key in wanted if key not in words and not key.startswith(("reason.", "action."))}


def test_russian_plurals_take_three_forms() -> None:
    words = Words("ru")

    told = [words.count("count.clients", n) for n in (0, 1, 2, 5, 11, 12, 21, 22, 25, 111, 3238)]

    assert [one.split(NBSP)[-1] for one in told] == [
        "клиентов", "клиент", "клиента", "клиентов", "клиентов", "клиентов", "клиент", "клиента", "клиентов",
        "клиентов", "клиентов",
    ]  # fmt: skip
    assert told[-1] == f"3{NBSP}238{NBSP}клиентов"
    assert Words("en").count("count.clients", 1) == f"1{NBSP}client"


def test_numbers_are_written_as_each_language_writes_them() -> None:
    russian, english = Words("ru"), Words("en")

    assert russian.number(-148) == f"{MINUS}148"
    assert russian.number(1234.56, 1) == f"1{NBSP}234,6"
    assert russian.number(-0.04, 1) == "0,0"
    assert russian.share(0.125) == f"12,5{NBSP}%"
    assert russian.share(0.0001) == f"<{NBSP}0,1{NBSP}%"
    assert russian.share(-0.124, sign=True) == f"{MINUS}12,4{NBSP}%"
    assert english.share(0.125) == "12.5%"


def test_money_is_shown_in_major_units_with_the_currencys_sign() -> None:
    russian, english = Words("ru"), Words("en")

    assert russian.money(24_740_00, "RUB") == f"24{NBSP}740{NBSP}₽"
    assert russian.money(148_260_450_00, "RUB", compact=True) == f"148{NBSP}млн{NBSP}₽"
    assert russian.money(1_500, "JPY") == f"1{NBSP}500{NBSP}¥"
    assert english.money(-24_740_00, "USD") == f"{MINUS}$24,740"
    assert english.money(24_740_00, "COP") == f"24,740{NBSP}COP"


def test_periods_say_each_part_once() -> None:
    words = Words("ru")

    assert words.period(date(2026, 10, 1), date(2026, 10, 31)) == f"1–31{NBSP}октября{NBSP}2026"
    assert words.period(date(2026, 1, 1), date(2026, 10, 31)) == (f"1{NBSP}января{NBSP}– 31{NBSP}октября{NBSP}2026")
    assert words.period(None, date(2026, 10, 31)) == f"31{NBSP}октября{NBSP}2026"


def test_short_words_and_dashes_do_not_part_from_their_neighbours() -> None:
    assert tie("в базе — 5 дней и не больше 20 %") == (
        f"в{NBSP}базе{NBSP}— 5{NBSP}дней и{NBSP}не{NBSP}больше 20{NBSP}%"
    )


def test_unknown_codes_are_shown_as_they_are_and_unknown_keys_are_refused() -> None:
    words = Words("ru")

    assert words.name("segment", "own_segment") == "own_segment"
    with pytest.raises(KeyError):
        words.say("no.such.words")
    with pytest.raises(ValueError, match="de"):
        Words("de")


def _blanks(entry: str | list[str]) -> set[str]:
    forms = [entry] if isinstance(entry, str) else entry
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}
