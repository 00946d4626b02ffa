"""Settings of the analysis: typed as people write, tried before they hold, kept as versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.analysis.actions import settings as actions
from dovolen.desk.analysis.models import ASKED, DONE, PREVIEW, WANTED, ConfigVersion, Snapshot
from dovolen.desk.analysis.queries import previewed
from dovolen.desk.core.models import Event
from dovolen.insight.config import Config
from dovolen.insight.schema import SchemaError
from tests.desk import cast, make, make_analysis
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
PAGE, TRY, VERSIONS = "/settings/analysis/", "/settings/analysis/previews/", "/settings/analysis/versions/"


@pytest.fixture
def seen(client: Any, director: Any) -> Any:
    """The browser of the director."""
    client.force_login(director)
    return client


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode()).replace("\u00a0", " ")


def changed(director: Any, seen: int = 0, **values: Any) -> ConfigVersion:
    return actions.change(values=values, seen=seen, note="проба", by=director, now=NOON)


# ── What is done ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_is_a_version_of_what_differs_and_asks_for_snapshots(director):
    make.order(by=director, centre=director.centre)

    made = changed(director, regular_orders=8, regular_days=91)

    assert made.values == {"regular_orders": 8}
    assert actions.in_force() == made
    assert Snapshot.objects.filter(state=WANTED, cause=ASKED, config=made).exists()
    event = Event.objects.filter(kind="analysis_settings.changed").get()
    assert event.facts["settings"] == ["regular_orders"]


def test_a_wrong_value_is_refused_by_its_name(director):
    with pytest.raises(SchemaError) as refusal:
        changed(director, regular_orders=-1)

    assert refusal.value.values["name"] == "regular_orders"
    assert not ConfigVersion.objects.exists()


def test_what_holds_already_is_no_change(director):
    with pytest.raises(actions.NothingChanged):
        changed(director, regular_orders=Config().regular_orders)


def test_who_did_not_see_the_latest_version_changes_nothing(director):
    changed(director, regular_orders=8)

    with pytest.raises(actions.ChangedMeanwhile):
        changed(director, regular_orders=9)


def test_an_earlier_version_is_put_in_force_as_a_new_one(director):
    first = changed(director, regular_orders=8)
    second = changed(director, seen=first.pk, regular_orders=9)

    again = actions.restore(version=first, seen=second.pk, note="", by=director, now=NOON)
    defaults = actions.restore(version=None, seen=again.pk, note="", by=director, now=NOON)

    assert again.values == {"regular_orders": 8}
    assert defaults.values == {}
    assert ConfigVersion.objects.count() == 4


def test_the_director_of_one_centre_of_two_sets_nothing_for_the_house():
    house = cast.full()

    with pytest.raises(NotAllowed):
        changed(house["director.north"], regular_orders=8)


def test_a_preview_is_in_force_nowhere_and_asked_for_once(director):
    make.order(by=director, centre=director.centre)
    values = {"limit_floor_days": 5}

    one = actions.preview(values=values, centre=None, by=director, now=NOON)
    other = actions.preview(values=values, centre=None, by=director, now=NOON)

    assert one == other
    assert (one.cause, one.config) == (PREVIEW, None)
    assert actions.tried_by(one) == values
    assert actions.in_force() is None


def test_a_preview_says_who_would_be_what_and_publishes_nothing(director):
    day = NOON - timedelta(days=100)
    order = make.order(by=director, centre=director.centre, now=day)
    current = make_analysis.snapshot(day=NOON.date())

    tried = actions.preview(
        values={"limit_floor_days": 5, "limit_default_days": 60}, centre=None, by=director, now=NOON
    )  # fmt: skip
    step()
    tried.refresh_from_db()

    assert tried.state == DONE
    assert actions.tried_by(tried) == {"limit_floor_days": 5, "limit_default_days": 60}
    assert not Snapshot.objects.published().filter(pk=tried.pk).exists()
    [move] = [one for one in previewed.moves(current, tried) if one.column == "state"]
    assert (move.before, move.after, move.n) == ("active", "dormant", 1)
    assert order.customer_id in tried.clients.values_list("customer", flat=True)


def step() -> None:
    from dovolen.desk.analysis.work import running

    assert running.step(clock=lambda: NOON)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def typed(**values: str) -> dict[str, str]:
    """The form as a browser sends it: every field as it stands, and what somebody changed."""
    from dovolen.desk.analysis.forms_settings import SettingsForm

    form = SettingsForm(config=Config(), seen=0)
    return {name: str(form[name].value() or "") for name in form.fields} | {"seen": "0"} | values


def test_every_setting_stands_on_the_page_with_its_default(seen, django_assert_num_queries):
    page = read(seen.get(PAGE))

    assert "Заказов у постоянного" in page
    assert "Обычно 6 заказов." in page
    assert "Баллы карты" in page


def test_the_list_holds_every_setting_of_the_library():
    from dataclasses import fields

    from dovolen.desk.analysis import setting_list

    assert set(setting_list.settings()) == {field.name for field in fields(Config)} - {"card_points"}


def test_the_page_sent_as_it_stands_changes_nothing(seen):
    assert "менять нечего" in read(seen.post(PAGE, typed()))


def test_what_is_typed_as_people_write_is_saved(seen):
    answer = seen.post(
        PAGE,
        typed(
            warn_share="12,5 %", pickup_hours="1,5", grid="5", rfm_method="fixed", cuts_r="30 90 180 365",
            cuts_f="1 2 4 8", cuts_m="3000 10000 30000 90000", ages="car; 3; 6", segments="Золото; 555 554; звонить",
            price_changes="2025-03-01; ; Acer", points_delay="0 -5 -10 -20 -40", note="по отчёту",
        ),
    )  # fmt: skip

    assert answer.status_code == 302
    values = ConfigVersion.objects.get().values
    assert (values["warn_share"], values["pickup_hours"], values["cuts_r"]) == (0.125, 1.5, [30, 90, 180, 365])
    assert values["ages"] == [{"category": "car", "since": 3, "until": 6}]
    assert values["segments"] == [{"name": "Золото", "cells": ["555", "554"], "tactic": "звонить"}]
    assert values["price_changes"][0]["date"] == "2025-03-01"
    assert values["card_points"] == [{"fact": "delay", "points": [0, -5, -10, -20, -40]}]
    assert ConfigVersion.objects.get().note == "по отчёту"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"regular_orders": "шесть"}, "Не получилось прочитать"),
        ({"warn_share": "150"}, "это доля"),
        ({"rfm_method": "fixed"}, "выберите и число оценок"),
        ({"rfm_method": "fixed", "grid": "5", "cuts_r": "1 2"}, "Нужно границ: 4"),
        ({"points_delay": "0 -5"}, "Нужно баллов: 5"),
        ({"ages": "car; 6; 3"}, "since меньше until"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(seen, values, said):
    page = read(seen.post(PAGE, typed(**values)))

    assert said in page
    assert next(iter(values.values())) in page
    assert not ConfigVersion.objects.exists()


def test_a_saved_form_is_shown_again_as_it_was_saved(seen, director):
    changed(director, warn_share=0.15, ages=[{"category": "car", "since": 3, "until": 6}])

    page = read(seen.get(PAGE))

    assert 'value="15"' in page
    assert "car; 3; 6" in page


def test_settings_are_tried_by_a_snapshot_of_his_own(seen, director):
    make.order(by=director, centre=director.centre)

    answer = seen.post(TRY, typed(limit_floor_days="30"))

    tried = Snapshot.objects.get(cause=PREVIEW)
    assert answer.url == f"{TRY}{tried.pk}/"
    page = read(seen.get(answer.url))
    assert "Никто не спит раньше" in page


def test_a_preview_that_is_ready_is_told_in_sentences_and_saved_from_its_page(seen, director):
    order = make.order(by=director, centre=director.centre)
    current = make_analysis.published()
    tried = Snapshot.objects.create(
        day=current.day, cause=PREVIEW, state=DONE, asked_at=NOON, done_at=NOON, asked_by=director,
        meta={"config": {"limit_floor_days": 30}},
    )  # fmt: skip
    make_analysis.known(current, order.customer, state="active", client_class="one_off")
    make_analysis.known(tried, order.customer, state="dormant", client_class="one_off")
    make_analysis.figure(current, "base.clients", 10, "clients")
    make_analysis.figure(tried, "base.clients", 9, "clients")

    page = read(seen.get(f"{TRY}{tried.pk}/"))
    answer = seen.post(f"{TRY}{tried.pk}/", {"seen": "0", "note": "решили"})

    assert "1 клиент перейдёт в состояние «спит»" in page
    assert answer.status_code == 302
    assert ConfigVersion.objects.get().values == {"limit_floor_days": 30}


def test_nobody_opens_a_preview_of_somebody_else(client):
    house = cast.full()
    tried = Snapshot.objects.create(day=NOON.date(), cause=PREVIEW, asked_at=NOON, asked_by=house.olga)
    client.force_login(house["director.north"])

    assert client.get(f"{TRY}{tried.pk}/").status_code == 404


def test_versions_are_listed_with_what_they_changed_and_put_back(seen, director):
    first = changed(director, regular_orders=8)
    second = changed(director, seen=first.pk, regular_orders=9)

    page = read(seen.get(VERSIONS))
    seen.post(f"{VERSIONS}{first.pk}/", {"seen": str(second.pk)})

    assert "8 заказов" in page
    assert "9 заказов" in page
    latest = actions.in_force()
    assert latest is not None
    assert latest.values == {"regular_orders": 8}
