"""From a bar to names to a client's card in a real browser; tables where there is no script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from tests.desk import cast, make, make_analysis
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

STEPS = {"opening": 3, "new": 1, "returned": 0, "dormant": 2, "lost": 0, "blocked": 0, "closing": 2}
DRAWN = "document.querySelector('[data-chart] svg text') !== null"
BAR = """echarts.getInstanceByDom(document.querySelector('[data-chart]')).getOption().series[1].data[3].opens"""


@pytest.fixture(scope="module")
def seen(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Visitor]:
    """The director before a snapshot of a small base."""
    with served.prepared(tmp_path_factory.mktemp("base") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.full(now=now)
        snapshot = make_analysis.published(day=now.date())
        make_analysis.sheet(
            snapshot, "cascade.steps", [("step", "word"), ("clients", "clients")], list(STEPS.items())
        )  # fmt: skip
        asleep = make.person(by=house.olga, name="Соня Сонина", centre=house.north, now=now)
        make_analysis.known(snapshot, asleep, state="dormant", flow="dormant", revenue=500_000, n_risks=1, rfm_r=1)
        make_analysis.risk(snapshot, asleep, "silent_beyond_rhythm")
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house.olga)
            yield visitor


@pytest.mark.parametrize(
    ("path", "width", "dark"),
    [("/base/", 1440, False), ("/base/", 390, True), ("/base/clients/", 1440, True), ("/base/clients/", 390, False),
     ("/risks/", 1024, False), ("/snapshots/", 390, False), ("/base/clients/tasks/", 390, False)],
)  # fmt: skip
def test_pages_of_the_base_are_sound(seen: Visitor, path: str, width: int, dark: bool) -> None:
    seen.visits(path, width=width, dark=dark)

    seen.finds_sound(f"base{path.replace('/', '-')}{width}")


def test_a_bar_leads_to_names_and_a_name_to_the_card(seen: Visitor) -> None:
    seen.visits("/base/")
    seen.waits(DRAWN)

    assert seen.window.look(BAR) == "/base/clients/?flow=dormant"

    seen.visits("/base/clients/?flow=dormant")
    assert "Соня Сонина" in seen.reads()
    seen._through(lambda: seen.window.look("document.querySelector('.study-names .who a').click()"))
    assert "Соня Сонина" in seen.reads("h1")


def test_a_chart_turns_into_its_table_and_back(seen: Visitor) -> None:
    seen.visits("/base/")
    seen.waits(DRAWN)
    assert not seen.sees(".study-panel .study-twin table")

    seen.window.look("document.querySelector('[data-view=table]').click()")
    assert seen.sees(".study-panel .study-twin table")
    assert not seen.sees(".study-panel [data-chart]")

    seen.window.look("document.querySelector('[data-view=chart]').click()")
    assert seen.sees(".study-panel [data-chart]")


def test_where_no_script_draws_the_tables_stand_there(seen: Visitor) -> None:
    seen.visits("/base/")
    seen.waits(DRAWN)

    seen.window.look("document.documentElement.classList.remove('scripted')")

    assert seen.sees(".study-panel .study-twin table")
    assert not seen.sees("[data-chart]")


def test_a_filter_that_is_chosen_narrows_the_list_at_once(seen: Visitor) -> None:
    seen.visits("/base/clients/")
    seen.window.look(
        "(s => { s.value = 'loyal'; s.dispatchEvent(new Event('change', {bubbles: true})); })"
        "(document.querySelector('.study-filter [name=state]'))"
    )

    seen.waits("!document.querySelector('#names').innerText.includes('Сонина')")
    assert "Таких клиентов нет" in seen.reads("#names")
