"""The way of orders as the house sets it up: nothing in use vanishes, nothing that every order needs goes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.assets import queries as of_assets
from dovolen.desk.assets.actions import ChangedMeanwhile
from dovolen.desk.commands import readiness
from dovolen.desk.core.models import Event
from dovolen.desk.orders import queries, standard
from dovolen.desk.orders.actions import stage_setup
from dovolen.desk.orders.models import Stage
from dovolen.desk.orders.queries.setup import face_of_stage, stage_rows
from dovolen.desk.people.models import PURPOSES, ConsentText
from tests.desk import make, make_assets
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    standard.ensure(NOON)
    return make_assets.crew("manager.north")


@pytest.fixture
def olga(house: House, client: Client) -> Client:
    client.force_login(house.olga)
    return client


def codes() -> list[str]:
    return [stage.code for stage in queries.stages(with_off=True)]


def add(house: House, **told: Any) -> Stage:
    values = {"name": "Ждём машину", "phase": "part"} | told
    return stage_setup.add_stage(by=house.olga, now=NOON, **values)


def latest(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("id")


# ── Standard stages ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_standard_stages_are_made_once_and_stay_as_the_house_has_them(house: House) -> None:
    Stage.objects.filter(code="check").update(name="Контроль", is_active=False)
    Stage.objects.filter(code="told").delete()

    standard.ensure(NOON)

    assert sorted(codes()) == sorted(standard.CODES)
    assert Stage.objects.get(code="check").name == "Контроль"


def test_standard_stages_stand_in_the_order_of_the_work() -> None:
    standard.ensure(NOON)

    assert tuple(codes()) == standard.CODES


# ── Own stages ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stage_of_ones_own_stands_behind_the_work_and_before_ready(house: House) -> None:
    made = add(house, norm_minutes=60)

    assert made.code == "zhdem_mashinu"
    assert codes()[-4:] == ["zhdem_mashinu", "ready", "told", "picked_up"]
    assert latest("stage.added").facts == {"code": "zhdem_mashinu", "phase": "part"}
    with pytest.raises(stage_setup.StageNameTaken):
        add(house, name="ждём машину")
    with pytest.raises(stage_setup.StageNameTaken):
        add(house, name="Ремонт")
    with pytest.raises(ValueError, match="closed"):
        add(house, name="Архив", phase="closed")
    with pytest.raises(NotAllowed):
        stage_setup.add_stage(name="X", phase="work", by=house.people["manager.north"], now=NOON)


def test_a_stage_moves_among_its_own_and_never_past_ready(house: House) -> None:
    repair, check = Stage.objects.get(code="repair"), Stage.objects.get(code="check")

    assert stage_setup.move_stage(stage=repair, later=True, by=house.olga, now=NOON)
    assert codes()[4:7] == ["check", "repair", "ready"]
    assert not stage_setup.move_stage(stage=repair, later=True, by=house.olga, now=NOON)
    assert stage_setup.move_stage(stage=check, later=True, by=house.olga, now=NOON)
    assert not stage_setup.move_stage(stage=Stage.objects.get(code="told"), later=False, by=house.olga, now=NOON)
    assert tuple(codes()) == standard.CODES
    assert Event.objects.filter(kind="stage.placed").count() == 2


def test_a_stage_changes_and_tells_what(house: House) -> None:
    repair = Stage.objects.get(code="repair")
    seen = face_of_stage(repair)

    told = {"name": "Ремонтируем", "norm_minutes": 90, "movers": ["technician"], "needs_approval": True}
    stage_setup.change_stage(stage=repair, seen=seen, by=house.olga, now=NOON, **told)

    repair.refresh_from_db()
    assert (repair.name, repair.norm_minutes, repair.movers) == ("Ремонтируем", 90, ["technician"])
    assert latest("stage.changed").facts == {"code": "repair", "changed": ["movers", "name", "norm_minutes"]}
    with pytest.raises(ChangedMeanwhile):
        stage_setup.change_stage(stage=repair, seen=seen, by=house.olga, now=NOON, name="")
    with pytest.raises(stage_setup.StageNameTaken):
        stage_setup.change_stage(stage=repair, seen=face_of_stage(repair), by=house.olga, now=NOON, name="Готов")


# ── What is in use stays ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stage_in_which_an_order_stands_is_not_switched_off(house: House) -> None:
    order = make.order(by=house.olga, centre=house.north, at="diagnosis")
    stage = Stage.objects.get(code="diagnosis")

    with pytest.raises(stage_setup.StageInUse):
        stage_setup.switch_stage(stage=stage, on=False, by=house.olga, now=NOON)
    make.bring(order, "check", by=house.olga)
    for _ in range(2):
        stage_setup.switch_stage(stage=stage, on=False, by=house.olga, now=NOON)

    assert "diagnosis" not in [one.code for one in queries.stages()]
    assert Event.objects.filter(kind="stage.switched_off").count() == 1
    stage_setup.switch_stage(stage=stage, on=True, by=house.olga, now=NOON)
    assert "diagnosis" in [one.code for one in queries.stages()]


@pytest.mark.parametrize("code", ["ready", "picked_up"])
def test_what_every_order_passes_is_not_switched_off(house: House, code: str) -> None:
    with pytest.raises(stage_setup.StageNeeded):
        stage_setup.switch_stage(stage=Stage.objects.get(code=code), on=False, by=house.olga, now=NOON)


def test_the_last_stage_of_work_stays_on(house: House) -> None:
    for code in ("diagnosis", "repair", "check"):
        stage_setup.switch_stage(stage=Stage.objects.get(code=code), on=False, by=house.olga, now=NOON)

    with pytest.raises(stage_setup.StageNeeded):
        stage_setup.switch_stage(stage=Stage.objects.get(code="accepted"), on=False, by=house.olga, now=NOON)


def test_only_a_stage_of_ones_own_that_was_never_used_is_removed(house: House) -> None:
    fresh, used = add(house), add(house, name="На складе", phase="work")
    order = make.order(by=house.olga, centre=house.north, at="accepted")
    make.bring(order, used.code, by=house.olga)
    make.bring(order, "check", by=house.olga)

    for _ in range(2):
        stage_setup.remove_stage(stage=fresh, by=house.olga, now=NOON)
    for kept in (used, Stage.objects.get(code="parts")):
        with pytest.raises(stage_setup.StageKept):
            stage_setup.remove_stage(stage=kept, by=house.olga, now=NOON)

    assert not Stage.objects.filter(code="zhdem_mashinu").exists()
    assert Event.objects.filter(kind="stage.removed").count() == 1
    with pytest.raises(NotAllowed):
        stage_setup.remove_stage(stage=used, by=house.people["manager.north"], now=NOON)


def test_the_list_says_where_orders_stand_and_what_may_move(house: House) -> None:
    make.order(by=house.olga, centre=house.north, at="diagnosis")
    make.order(by=house.olga, centre=house.north, at="picked_up")

    rows = {row.stage.code: row for row in stage_rows()}

    assert {code: row.n_orders for code, row in rows.items() if row.n_orders} == {"diagnosis": 1}
    assert not any(row.is_own for row in rows.values())
    assert (rows["accepted"].may_go_up, rows["accepted"].may_go_down) == (False, True)
    assert (rows["ready"].may_go_up, rows["ready"].may_go_down) == (False, False)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_stages_asks_as_many_questions_with_many_orders(
    house: House, olga: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        with django_assert_num_queries(5):
            page = olga.get("/settings/stages/")
        make.order(by=house.olga, centre=house.north, at="diagnosis")

    assert "Диагностика" in page.content.decode().replace("\u00a0", " ")


def test_a_stage_is_made_and_changed_by_its_page(house: House, olga: Client) -> None:
    made = olga.post("/settings/stages/new/", {"name": "Мойка", "phase": "work", "norm_minutes": "1 ч 30 мин",
                                              "movers": ["technician"], "once": "k" * 12})  # fmt: skip
    assert made.headers["Location"] == "/settings/stages/"
    stage = Stage.objects.get(name="Мойка")
    assert (stage.norm_minutes, stage.movers) == (90, ["technician"])

    page = f"/settings/stages/{stage.pk}/"
    shown = olga.get(page).content.decode().replace("\u00a0", " ")
    assert "1 ч 30 мин" in shown
    seen = face_of_stage(stage)
    olga.post(page, {"name": "Мойка кузова", "norm_minutes": "", "seen": seen})
    stage.refresh_from_db()
    assert (stage.name, stage.norm_minutes, stage.movers) == ("Мойка кузова", None, [])

    late = olga.post(page, {"name": "Иначе", "norm_minutes": "", "seen": seen}).content.decode().replace("\u00a0", " ")
    assert "изменил кто-то другой" in late
    assert 'value="Иначе"' in late
    again = {"name": "Иначе", "norm_minutes": "", "seen": face_of_stage(stage)}
    assert face_of_stage(stage) in late
    assert olga.post(page, again).status_code == 302


def test_a_standard_stage_may_lose_its_own_name_and_another_may_not(house: House, olga: Client) -> None:
    repair, own = Stage.objects.get(code="repair"), add(house)

    assert olga.post(f"/settings/stages/{repair.pk}/", {"name": ""}).status_code == 302
    assert olga.post(f"/settings/stages/{own.pk}/", {"name": ""}).status_code == 200


def test_pages_of_one_stage_move_switch_and_remove_it(house: House, olga: Client) -> None:
    own = add(house)

    olga.post(f"/settings/stages/{own.pk}/place/", {"later": "0"})
    assert codes()[5:7] == ["zhdem_mashinu", "check"]
    olga.post(f"/settings/stages/{own.pk}/active/", {"on": "0"})
    assert not Stage.objects.get(pk=own.pk).is_active
    refused = olga.post(f"/settings/stages/{Stage.objects.get(code='ready').pk}/active/", {"on": "0"}, follow=True)
    assert "не дойдёт до выдачи" in refused.content.decode().replace("\u00a0", " ")
    kept = olga.post(f"/settings/stages/{Stage.objects.get(code='ready').pk}/removal/", follow=True)
    assert "нельзя удалить" in kept.content.decode().replace("\u00a0", " ")
    olga.post(f"/settings/stages/{own.pk}/removal/")
    assert not Stage.objects.filter(pk=own.pk).exists()


def test_told_and_handed_over_have_no_movers_on_their_page(house: House, olga: Client) -> None:
    for code in ("told", "picked_up"):
        shown = olga.get(f"/settings/stages/{Stage.objects.get(code=code).pk}/").content.decode().replace("\u00a0", " ")
        assert 'name="movers"' not in shown
        assert ('name="norm_minutes"' in shown) == (code == "told")


def test_norms_of_a_category_are_set_by_stage_and_keep_those_of_stages_that_are_off(house: House, olga: Client) -> None:
    laptop = make.category()
    Stage.objects.filter(code="check").update(is_active=False)
    seen = of_assets.face_of_norms(laptop)
    from dovolen.desk.assets.actions import set_norms

    set_norms(category=laptop, norms={"check": 15, "repair": 60}, seen=seen, by=house.olga, now=NOON)
    page = f"/settings/categories/{laptop.pk}/norms/"

    assert olga.post(page, {"norm_repair": "8:00", "norm_accepted": "много"}).status_code == 200
    sent = {"norm_repair": "8:00", "seen": of_assets.face_of_norms(laptop)}
    assert olga.post(page, sent).headers["Location"] == page

    assert of_assets.norms(laptop) == {"check": 15, "repair": 480}
    assert "изменил кто-то другой" in olga.post(page, sent).content.decode().replace("\u00a0", " ")


def test_a_house_begins_with_its_stages_and_with_words_to_agree_to() -> None:
    for _ in range(2):
        readiness.ensure_standards()

    assert Stage.objects.count() == len(standard.CODES)
    assert sorted(ConsentText.objects.values_list("purpose", flat=True)) == sorted(PURPOSES)
