"""The report as its reader sees it: in a real browser, wide and narrow, in both languages, light and dark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dovolen.insight import report
from dovolen.insight.words import LANGUAGES
from tests.insight.sample_study import HOSTILE, SampleStudy, sample
from tests.journeys.browser import Browser

WIDTHS = (1440, 390, 360)
QUOTED = '" onmouseover="alert(1)" x="'
PICTURE = "<img src=x onerror=alert(1)>"

CHARTS = """[...document.querySelectorAll('[data-chart]')].map(box => ({
  name: box.dataset.chart, drawn: box.querySelectorAll('svg path, svg text').length,
  twin: getComputedStyle(box.closest('.dv-panel').querySelector('.twin')).display !== 'none'}))"""
CLIPPED = """[...document.querySelectorAll('.dv-scroll')].filter(box => box.scrollWidth > box.clientWidth + 1)
  .map(box => box.closest('.dv-panel').querySelector('h3').textContent)"""
HANDLERS = """[...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
  given => given.name.startsWith('on'))).length + document.querySelectorAll('img').length"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for lang in LANGUAGES:
        report.write_html(hostile(), folder / f"{lang}.html", lang)
    return {lang: folder / f"{lang}.html" for lang in LANGUAGES}


def hostile() -> SampleStudy:
    """The sample, with client text that would become markup if it were not kept as text."""
    study = sample()
    fleets, slices = study.sheets["fleets"], study.sheets["slices"]
    fleets.rows.append((7, QUOTED, 30, 12, 100_00, "active"))
    row = ("category", PICTURE, 500, 90, 900_000_000_00, 1_000_00, False)
    study.sheets["slices"] = replace(slices, rows=[row, *slices.rows])
    return study


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_fits_the_window_and_draws_every_chart(
    window: Browser, pages: dict[str, Path], lang: str, width: int
) -> None:
    window.open(pages[lang], width=width)

    assert window.look("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    assert empty(window.look(CHARTS)) == []
    assert window.complaints() == []
    assert [url for url in window.requests() if not url.startswith(("file:", "data:"))] == []
    if width == WIDTHS[0]:
        assert window.look(CLIPPED) == [], "columns are cut"
        window.look("document.querySelectorAll('[data-view=table]').forEach(button => button.click())")
        assert window.look(CLIPPED) == [], "columns of a chart's table are cut"


def empty(charts: list[dict[str, Any]]) -> list[str]:
    return [chart["name"] for chart in charts if chart["drawn"] < 3 and not chart["twin"]]


def test_the_report_is_drawn_in_the_dark_too(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["ru"], width=1440, dark=True)

    assert window.look("getComputedStyle(document.body).backgroundColor") == "rgb(14, 20, 19)"
    assert empty(window.look(CHARTS)) == []
    assert window.complaints() == []


def test_client_text_stays_text(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["ru"], width=1440)

    text = window.look("document.body.textContent")
    assert HOSTILE in text
    assert QUOTED in text
    assert PICTURE in text
    assert window.look(HANDLERS) == 0
    assert not window.heard("Page.javascriptDialogOpening")


def test_a_chart_turns_into_its_table_and_back(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["ru"], width=1440)
    if not window.look("document.querySelectorAll('[data-chart]').length"):
        pytest.skip("front-end files are not copied: python scripts/assets.py")
    panel = "document.querySelector('[data-view=table]').closest('.dv-panel')"
    shown = f"getComputedStyle({panel}.querySelector('.twin')).display !== 'none'"

    before = window.look(shown)
    window.look(f"{panel}.querySelector('[data-view=table]').click()")
    after = window.look(shown)
    window.look(f"{panel}.querySelector('[data-view=chart]').click()")

    assert (before, after, window.look(shown)) == (False, True, False)
