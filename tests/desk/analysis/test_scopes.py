"""Who sees which snapshots, and a kept one read as a study again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.rights import DIRECTOR, MANAGER, RECEPTIONIST
from dovolen.desk.analysis import queries
from dovolen.desk.analysis.models import PREVIEW, RUNNING, Snapshot
from dovolen.desk.analysis.studied import studied
from tests.desk import make, make_analysis

pytestmark = pytest.mark.django_db
TODAY = make_analysis.TODAY


@pytest.fixture
def places() -> tuple[Centre, Centre]:
    return Centre.objects.create(name="Лесная"), Centre.objects.create(name="Речная")


def test_house_of_one_centre_is_looked_at_as_a_whole(director):
    assert [scope.key for scope in queries.scopes(director)] == ["house"]


def test_who_sees_the_base_everywhere_sees_the_house_first(places):
    forest, river = places
    boss = make.staff("boss", (forest, DIRECTOR), (river, MANAGER))

    assert [scope.key for scope in queries.scopes(boss)] == ["house", str(forest.pk), str(river.pk)]


def test_who_sees_the_base_of_one_centre_sees_that_one_alone(places):
    forest, river = places
    manager = make.staff("manager", (forest, MANAGER), (river, RECEPTIONIST))
    make_analysis.published()
    own = make_analysis.published(centre=forest)
    make_analysis.published(centre=river)

    assert [scope.key for scope in queries.scopes(manager)] == [str(forest.pk)]
    assert queries.current(manager) == own
    assert queries.current(manager, "house") == own
    assert queries.current(manager, str(river.pk)) == own


def test_who_may_not_see_the_base_sees_no_snapshot(places):
    forest, _ = places
    make_analysis.published(centre=forest)

    assert queries.current(make.staff("desk", (forest, RECEPTIONIST))) is None


def test_latest_is_the_one_of_the_latest_day_and_history_goes_back_from_it(director):
    old = make_analysis.published(day=TODAY - timedelta(days=7))
    again = make_analysis.published()
    newest = make_analysis.published()

    assert queries.current(director) == newest
    assert list(queries.history(newest)) == [again, old]


def test_previews_and_unfinished_ones_are_never_current(director):
    whole = make_analysis.published(day=TODAY - timedelta(days=1))
    Snapshot.objects.filter(pk=make_analysis.published().pk).update(cause=PREVIEW)
    Snapshot.objects.filter(pk=make_analysis.published().pk).update(state=RUNNING)

    assert queries.current(director) == whole


def test_sheets_and_figures_come_back_as_they_were(director):
    kept = make_analysis.published()
    make_analysis.figure(kept, "base.first_date", date(2024, 1, 9), "date")
    rows = [(date(2025, 3, 1), "2026-Q1", 12, 0.5, None), (None, "Ёж «Ы»", 0, 1e9, True)]
    columns = [("month", "month"), ("name", "text"), ("n", "count"), ("share", "share"), ("is_on", "flag")]
    make_analysis.sheet(kept, "lifecycle.months", columns, rows)

    study = studied(kept)

    assert study.figures["base.first_date"].value == date(2024, 1, 9)
    assert study.sheets["lifecycle.months"].rows == rows
    assert study.meta["asof"] == TODAY


def test_a_study_is_read_in_two_queries(director, django_assert_num_queries):
    kept = make_analysis.published()
    for key in ("risk.points", "value.pareto", "rfm.cells"):
        make_analysis.sheet(kept, key, [("n", "count")], [(1,)])
        make_analysis.figure(kept, key, 1)

    with django_assert_num_queries(2):
        study = studied(kept)
        assert len(study.figures) == 3
        assert [sheet.rows for sheet in study.sheets.values()] == [[(1,)]] * 3
