from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dovolen.insight import report
from dovolen.insight.advice import advise
from dovolen.insight.cells import Printer
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.words import LANGUAGES, NBSP, Words
from tests.insight.sample_study import FORMULA, HOSTILE, SampleStudy, poor, sample

VOID = {"meta", "link", "br", "use", "path", "rect", "img", "hr", "input"}


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest) -> str:
    return report.page(sample(), request.param)


class Outline(HTMLParser):
    """What a browser would see: elements with attributes, headings in order, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.stack):
            self.text.append(data)


def test_the_page_is_well_formed_with_one_first_heading(page: str) -> None:
    outline = Outline(page)

    assert outline.stack == []
    assert [tag for tag, _ in outline.tags].count("h1") == 1
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_page_asks_nothing_of_the_network(page: str) -> None:
    own = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)

    assert not re.findall(r"""(?:src|href)=["'](?!#)""", own)
    assert "default-src &#39;none&#39;" in page
    assert not re.findall(
        r"@import|url\((?!data:)", "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL))
    )


def test_only_the_reports_own_scripts_may_run(page: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    policy = next(attrs["content"] for _, attrs in Outline(page).tags if attrs.get("http-equiv")) or ""

    wanted = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == wanted


def test_hostile_names_stay_text(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE in "".join(Outline(page).text)


def test_sections_come_in_the_directors_order(page: str) -> None:
    order = re.findall(r'<section class="chapter" id="([a-z]+)"', page)

    assert order == [
        "quality", "figures", "advice", "classes", "cascade", "lifecycle", "rfm", "cohorts", "frequency", "slices",
        "rules",
    ]  # fmt: skip


def test_no_code_is_shown_to_people(page: str) -> None:
    text = " ".join("".join(Outline(page).text).split())

    for code in (
        "cant_lose",
        "one_off",
        "set_aside",
        "should_be_marked",
        "rows_in",
        "best_r",
        "18_up",
        "to_90",
        "_axis",
    ):
        assert code not in text
    assert "None" not in text


def test_every_chart_has_its_table_and_its_finding(page: str) -> None:
    outline = Outline(page)
    charts = [attrs for _, attrs in outline.tags if "data-chart" in attrs]

    if not charts:
        pytest.skip("front-end files are not copied: python scripts/assets.py")
    data = json.loads(re.findall(r'<script type="application/json" id="charts">(.*?)</script>', page, re.DOTALL)[0])
    assert {attrs["data-chart"] for attrs in charts} == set(data["charts"])
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)
    assert page.count('<div class="twin">') == len(charts)


def test_the_sum_is_proven_and_the_impossible_named() -> None:
    text = "".join(Outline(report.page(sample())).text)

    assert f"24{NBSP}871 прочитано = 24{NBSP}806 использовано +{NBSP}65{NBSP}отложено" in text
    assert "сходится" in text
    assert "срок готовности (promised_at)" in text


def test_the_direction_of_digits_is_printed() -> None:
    assert f"5{NBSP}— лучше, 1{NBSP}— хуже" in report.page(sample())
    assert f"1{NBSP}— лучше, 5{NBSP}— хуже" in report.page(sample(direction="best1"))


def test_few_data_are_said_in_words_and_never_shown_as_zero() -> None:
    text = "".join(Outline(report.page(poor())).text).replace(NBSP, " ")

    assert "недостаточно данных" in text
    assert "собрано 6, нужно не меньше 20" in text


def test_a_shrinking_base_is_a_warning_at_ten_percent_and_an_alarm_at_twenty() -> None:
    assert _level(-0.05) == "note"
    assert _level(-0.10) == "warn"
    assert _level(-0.20) == "bad"


def _level(change: float) -> str:
    study = sample()
    figure = study.figures["base.quarter_change"]
    study.figures["base.quarter_change"] = type(figure)(figure.key, change, "share", n=1532)
    advice = advise(study, Printer(Words("ru"), study.meta))
    return next(one.level for one in advice if one.section == "cascade")


def test_lists_of_names_are_cut_and_say_so() -> None:
    study = sample()
    study.sheets["fleets"] = _long(study, 250)

    text = "".join(Outline(report.page(study)).text)

    assert "Ещё 50 строк" in text


def _long(study: SampleStudy, n: int) -> Sheet:
    return replace(study.sheets["fleets"], rows=study.sheets["fleets"].rows[:1] * n)


def test_the_page_without_front_end_files_shows_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(report, "ASSETS", tmp_path)
    report._asset.cache_clear()
    report._fonts.cache_clear()
    try:
        page = report.page(sample())
    finally:
        report._asset.cache_clear()
        report._fonts.cache_clear()

    assert "data-chart" not in page
    assert "<table" in page
    assert "Графики не" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_holds_every_sheet_and_no_formula(tmp_path: Path, lang: str) -> None:
    study, path = sample(), tmp_path / "report.xlsx"

    report.write_xlsx(study, path, lang)

    book = load_workbook(path)
    assert len(book.sheetnames) == len(study.sheets) + 2
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    dangerous = [cell for cell in cells if cell.value == FORMULA]
    assert dangerous
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in dangerous)


def test_full_width_and_hidden_formula_signs_are_marked_as_text(tmp_path: Path) -> None:
    study, path = sample(), tmp_path / "report.xlsx"
    fleets = study.sheets["fleets"]
    for sign in ("+1", "-1", "@SUM", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1", " =1"):
        fleets.rows.append((1, f"{sign}x", 1, 1, 100, "lost"))

    report.write_xlsx(study, path)

    page = load_workbook(path)["Компании и парки"]
    marked = [row[1] for row in page.iter_rows(min_row=6) if str(row[1].value).endswith("x")]
    assert len(marked) == 10
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in marked)


def test_the_workbook_keeps_numbers_as_numbers_in_major_units(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"

    report.write_xlsx(sample(), path)

    row = next(load_workbook(path)["Компании и парки"].iter_rows(min_row=6, values_only=True))
    assert row == (88, "ООО «Вектор»", 312, 31, 6_120_400, "лояльный")


def test_json_tells_every_figure_with_rule_interval_and_sample() -> None:
    told = report.study_json(sample())

    retention = told["figures"]["retention.one_year"]
    assert (retention["value"], retention["low"], retention["high"], retention["n"]) == (0.664, 0.636, 0.691, 1120)
    assert retention["since"] == "2024-11-01"
    assert retention["rule"].startswith("Of clients")
    assert told["figures"]["base.revenue"]["currency"] == "RUB"
    assert told["sheets"]["cascade.steps"]["columns"] == [["step", "text"], ["clients", "clients"]]
    assert HOSTILE not in json.dumps(told, ensure_ascii=False)
    assert told["lists"]["cascade.names"] == {"n": 388}


def test_cohorts_of_too_few_clients_lose_their_shares_and_that_is_said() -> None:
    study = sample()
    cohorts = study.sheets["cohorts"]
    rows = [(grain, name, age, 5, *rest) for grain, name, age, _, *rest in cohorts.rows]
    study.sheets["cohorts"] = replace(cohorts, rows=rows)

    text = "".join(Outline(report.page(study)).text).replace(NBSP, " ")

    assert "Когорты меньше чем из 20 клиентов показаны без долей" in text
    assert 'data-chart="cohorts"' not in report.page(study)


def test_the_usual_number_of_regulars_stands_beside_the_centres_own() -> None:
    study = sample()
    for key, value in (("orders_week", 15.2), ("regulars", 22)):
        study.figures[f"sanity.{key}"] = Figure(f"sanity.{key}", value, "count")

    text = "".join(Outline(report.page(study)).text).replace(NBSP, " ")

    assert "обычно 8–15 постоянных; у вас 15 заказов в неделю и 22 постоянных клиента." in text
