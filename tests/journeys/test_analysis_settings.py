"""Settings of the analysis in a real browser: opened, tried, told whom they touch, saved, listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.actions import settings as actions
from dovolen.desk.analysis.models import DONE, PREVIEW, ConfigVersion, Snapshot
from tests.desk import cast, make, make_analysis
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

STATES = (("active", "dormant", 14), ("loyal", "dormant", 3), ("dormant", "lost", 6), ("active", "active", 20))


@pytest.fixture(scope="module")
def shown(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, Snapshot]]:
    """The director before a preview that is ready and a version that was saved."""
    home = tmp_path_factory.mktemp("settings") / "home"
    with served.prepared(home, "", django_db_blocker) as installation:
        now = timezone.now()
        olga = cast.full(now=now).olga
        tried = prepared(olga, now)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, olga)
            yield visitor, tried


def prepared(olga: Staff, now: Any) -> Snapshot:
    actions.change(values={"regular_orders": 8}, seen=0, note="Постоянных стало слишком много", by=olga, now=now)
    current = make_analysis.published(day=now.date())
    tried = Snapshot.objects.create(
        day=now.date(), cause=PREVIEW, state=DONE, asked_at=now, done_at=now, asked_by=olga,
        meta={"config": {"regular_orders": 8, "limit_floor_days": 30, "card_points": []}},
    )  # fmt: skip
    centre = olga.memberships.order_by("pk")[0].centre
    for before, after, n in STATES:
        for _ in range(n):
            customer = make.person(by=olga, centre=centre, now=now - timedelta(days=400))
            make_analysis.known(current, customer, state=before, client_class="one_off", segment="champions")
            make_analysis.known(tried, customer, state=after, client_class="one_off", segment="champions")
    columns = [("point", "word"), ("n_now", "clients")]
    make_analysis.sheet(current, "risk.points", columns, [("silent_beyond_rhythm", 12), ("late_last_order", 4)])
    make_analysis.sheet(tried, "risk.points", columns, [("silent_beyond_rhythm", 31), ("late_last_order", 4)])
    make_analysis.figure(current, "churn.rate", 0.12, "share")
    make_analysis.figure(tried, "churn.rate", 0.31, "share")
    return tried


@pytest.mark.parametrize(("width", "dark", "lang"), [(1440, False, "ru"), (1440, True, "en"), (390, False, "ru")])
def test_all_settings_stand_on_one_sound_page(
    shown: tuple[Visitor, Snapshot], width: int, dark: bool, lang: str
) -> None:
    visitor, _ = shown

    visitor.visits("/settings/analysis/", width=width, dark=dark, lang=lang)
    visitor.window.look("document.querySelectorAll('details').forEach(one => one.open = true)")

    visitor.finds_sound(f"analysis-settings-{width}-{lang}")


@pytest.mark.parametrize(("width", "dark", "lang"), [(1440, False, "ru"), (1440, True, "en"), (390, False, "ru")])
def test_a_preview_says_whom_it_touches(
    shown: tuple[Visitor, Snapshot], width: int, dark: bool, lang: str
) -> None:  # fmt: skip
    visitor, tried = shown

    visitor.visits(f"/settings/analysis/previews/{tried.pk}/", width=width, dark=dark, lang=lang)

    assert "17" in visitor.reads("#preview")
    visitor.finds_sound(f"analysis-preview-{width}-{lang}")


def test_what_is_tried_waits_for_its_snapshot_and_can_be_saved(shown: tuple[Visitor, Snapshot]) -> None:
    visitor, tried = shown
    visitor.visits(f"/settings/analysis/previews/{tried.pk}/")

    visitor.types("#id_note", "Проверили на базе")
    visitor.sends("form.as-form")

    assert visitor.path == "/settings/analysis/"
    latest = ConfigVersion.objects.order_by("-pk")[0]
    assert latest.values == {"regular_orders": 8, "limit_floor_days": 30}
    visitor.visits("/settings/analysis/versions/")
    assert "Проверили на базе" in visitor.reads()
    visitor.finds_sound("analysis-versions")
