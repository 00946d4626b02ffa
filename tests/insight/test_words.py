from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import date

import pytest

from dovolen.insight import sources, synth
from dovolen.insight.advice import interval
from dovolen.insight.cells import FAMILIES, ICONS, OF_SHEET, Printer
from dovolen.insight.config import Config, Segment
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.study import Study, study
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
    "rfm.code": "555 155 551 111",
    "tactic.code": "555 155 551 111",
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


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study of an invented centre with dirt in its data, two months before its end."""
    folder = tmp_path_factory.mktemp("centre")
    synth.write(synth.invent(400, 1, flaws=True), folder)
    own = Config(segments=(Segment("Свои", ("555", "554"), "Звонить"),))
    return study(sources.open_tables(folder), date(2026, 4, 30), own)


def test_a_real_study_of_spoiled_data_says_nothing_without_words(words: Words, spoiled: Study) -> None:
    sheets = spoiled.sheets.values()

    wanted = {f"figure.{key}" for key in spoiled.figures} | {f"sheet.{sheet.key}" for sheet in sheets}
    wanted |= {figure.rule for figure in spoiled.figures.values()} | {sheet.rule for sheet in sheets if sheet.rule}
    wanted |= {f"unit.{one.unit}" for one in spoiled.figures.values()}
    wanted |= {f"column.{name}" for sheet in sheets for name, _ in sheet.columns}
    wanted |= {key for sheet in sheets for key in spoken(sheet)}
    wanted |= {f"impossible.{what}" for what, _ in spoiled.impossible}

    assert {key for key in wanted if key not in words} == set()
    assert {"finding.after_asof", "action.not_yet"} <= wanted
    assert {"rfm.own_segments", "frequency.services"} <= spoiled.sheets.keys()


def spoken(sheet: Sheet) -> Iterator[str]:
    """Keys of the words for the codes in a sheet's cells; a client's own text has none."""
    for name, unit in sheet.columns:
        family = OF_SHEET.get((sheet.key, name)) or FAMILIES.get(name)
        if family and unit in ("word", "text"):
            yield from (f"{family}.{row[name]}" for row in sheet.records() if row[name] not in (None, "—", ""))


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


@pytest.mark.parametrize(
    ("grid", "direction", "meant"),
    [
        (5, "best5", {"555": "555", "155": "155", "551": "551", "111": "111"}),
        (3, "best5", {"333": "555", "133": "155", "331": "551", "111": "111"}),
        (2, "best5", {"222": "555", "122": "155", "221": "551", "111": "111"}),
        (5, "best1", {"111": "555", "511": "155", "115": "551", "555": "111"}),
        (2, "best1", {"111": "555", "211": "155", "112": "551", "222": "111"}),
    ],
)
def test_only_codes_of_the_ends_of_the_grid_have_a_meaning(grid: int, direction: str, meant: dict[str, str]) -> None:
    printer = Printer(Words("ru"), {"currency": "RUB", "grid": grid, "direction": direction})
    grades = range(1, grid + 1)

    told = {code: printer.meaning(code) for code in (f"{r}{f}{m}" for r in grades for f in grades for m in grades)}

    assert {code: meaning for code, meaning in told.items() if meaning} == meant


def test_examples_of_flaws_name_their_fields_and_write_days_as_people_do() -> None:
    printer = Printer(Words("ru"), {"currency": "RUB"})

    named = printer.examples("order_id=12 | accepted_date=2024-07-02 | ready_at=2024-07-03 09:36 | revenue=1500")
    bare = printer.examples("C00671 | 2016-11-10 00:00:00 | X INCITY; +7 912 000-11-22 × 3")

    assert named.replace(NBSP, " ") == "заказ 12, принят 2 июл 2024, готов 3 июл 2024, 09:36, сумма 1 500 ₽"
    assert bare.replace(NBSP, " ") == "C00671 · 10 ноя 2016 · X INCITY; +7 912 000-11-22 × 3"


def test_cohorts_are_named_as_each_language_names_quarters_and_months() -> None:
    russian, english = (Printer(Words(lang), {"currency": "RUB"}) for lang in LANGUAGES)

    assert russian.cohort("2024-Q3") == f"III{NBSP}кв.{NBSP}2024"
    assert english.cohort("2024-Q3") == f"Q3{NBSP}2024"
    assert russian.cohort("2024-05") == f"май{NBSP}2024"
    assert russian.cohort("2024") == "2024"


def test_an_interval_says_its_unit_once() -> None:
    printer = Printer(Words("ru"), {"currency": "COP"})

    def told(low: float, high: float, unit: str = "money") -> str:
        return interval(Figure("x", low, unit, low=low, high=high), printer).replace(NBSP, " ")

    assert told(1_400_000_00, 1_600_000_00) == "95 %: 1,4–1,6 млн COP"
    assert told(900_000_00, 1_600_000_00) == "95 %: 900 тыс.–1,6 млн COP"
    assert told(3_886_00, 4_886_00) == "95 %: 3 886–4 886 COP"
    assert told(33.9, 35.8, "hours") == "95 %: 33,9–35,8 ч"
