"""Categories and what hangs on them: lists saved whole, ready sets taken over, refusals."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.assets import actions, queries
from dovolen.desk.assets.actions import FaultLineTold, FieldTold
from dovolen.desk.assets.actions.ready_set import FOLDER
from dovolen.desk.assets.codes import code_of
from dovolen.desk.assets.models import (
    AT_INTAKE,
    BEFORE_READY,
    FIELD_KINDS,
    IDENTIFIERS,
    LINE_KINDS,
    Category,
    CategoryField,
    FaultTemplate,
)
from dovolen.desk.core.models import Event
from dovolen.desk.orders import standard
from scripts.assets import DESK_ICONS
from tests.desk import make_assets
from tests.desk.cast import House
from tests.desk.conftest import NOON

SETS = [(path.stem, tomllib.loads(path.read_text("utf-8"))["category"]) for path in sorted(FOLDER.glob("*.toml"))]
CATEGORIES = [pytest.param(told, id=f"{name}-{told['code']}") for name, parts in SETS for told in parts]


@pytest.fixture
def house(db: None) -> House:
    return make_assets.crew("manager.north", "technician.north")


def latest(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("id")


# ── Ready sets as files ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sets_that_lie_there_are_those_that_are_offered() -> None:
    assert sorted(name for name, _ in SETS) == sorted(actions.NAMES)
    codes = [told["code"] for _, parts in SETS for told in parts]
    assert len(codes) == len(set(codes))


def texts_of(told: dict[str, Any]) -> list[tuple[str, dict[str, Any], int]]:
    found = [("name", told, 60)]
    found += [("name", field, 60) for field in told["field"]]
    found += [("text", item, 80) for moment in (AT_INTAKE, BEFORE_READY) for item in told[moment]]
    for fault in told["fault"]:
        found += [("title", fault, 80), ("text", fault, 300), *(("name", line, 120) for line in fault["line"])]
    return found


@pytest.mark.parametrize("told", CATEGORIES)
def test_a_ready_category_speaks_both_languages_within_its_columns(told: dict[str, Any]) -> None:
    for key, entry, longest in texts_of(told):
        russian, english = entry[key], entry[f"{key}_en"]
        assert russian == russian.strip()
        assert 0 < len(russian) <= longest
        assert 0 < len(english) <= longest
        assert not re.search("[а-яё]", english, re.IGNORECASE), english


@pytest.mark.parametrize("told", CATEGORIES)
def test_a_ready_category_is_whole_and_names_what_exists(told: dict[str, Any]) -> None:
    assert told["icon"] in DESK_ICONS
    assert told["identifier"] in IDENTIFIERS
    assert set(told["norms"]) <= set(standard.CODES)
    assert len(told[AT_INTAKE]) >= 5
    assert len(told[BEFORE_READY]) >= 5
    assert len(told["fault"]) >= 5
    for field in told["field"]:
        assert field["kind"] in FIELD_KINDS
        assert len(field.get("choices", ())) == len(field.get("choices_en", ()))
        assert bool(field.get("choices")) == (field["kind"] == "choice")
    for line in (line for fault in told["fault"] for line in fault["line"]):
        assert line["kind"] in LINE_KINDS
        assert 0 <= line.get("cost", 0) < line["price"] <= 20000
        assert ("norm" in line) == (line["kind"] == "labour"), line["name"]
    for group in ([item["text"] for item in told[AT_INTAKE]], [fault["title"] for fault in told["fault"]]):
        assert len(group) == len({text.casefold() for text in group})


# ── Ready sets taken over ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ready_set_is_taken_over_whole_in_the_language_asked_for(house: House) -> None:
    made = actions.load_set(name="electronics", lang="ru", by=house.olga, now=NOON)

    assert [category.code for category in made] == ["laptop", "phone", "tablet", "desktop"]
    laptop = Category.objects.get(code="laptop")
    fault = next(fault for fault in queries.faults(laptop) if fault.title == "Не заряжается")
    assert [(line.kind, line.name, line.price, line.cost, line.norm_minutes) for line in fault.lines.all()] == [
        ("labour", "Диагностика", 90000, None, 40),
        ("labour", "Замена разъёма питания", 220000, None, 90),
        ("part", "Разъём питания", 70000, 25000, 0),
    ]
    assert queries.checklist(laptop, AT_INTAKE)[0].is_usual
    assert queries.checklist(laptop, BEFORE_READY)
    assert queries.norms(laptop)["approval"] == 1440
    assert latest("category.added").facts == {"code": "desktop", "set": "electronics"}
    assert [category.name for category in actions.load_set(name="cars", lang="en", by=house.olga, now=NOON)] == [
        "Car", "Van and light truck",
    ]  # fmt: skip


def test_a_set_loaded_again_leaves_what_the_house_made_of_it(house: House) -> None:
    actions.load_set(name="electronics", lang="ru", by=house.olga, now=NOON)
    laptop = Category.objects.get(code="laptop")
    seen = queries.face_of_checklist(laptop, AT_INTAKE)
    actions.set_checklist(category=laptop, moment=AT_INTAKE, items=[("Своё", True)], seen=seen, by=house.olga, now=NOON)
    Category.objects.filter(code="phone").delete()

    again = actions.load_set(name="electronics", lang="en", by=house.olga, now=NOON)

    assert [category.code for category in again] == ["phone"]
    assert [item.text for item in queries.checklist(laptop, AT_INTAKE)] == ["Своё"]


def test_prices_of_a_set_stay_at_nought_where_money_is_not_roubles(house: House) -> None:
    house.olga.places[0].centre.currency = "EUR"

    actions.load_set(name="cars", lang="en", by=house.olga, now=NOON)

    lines = [line for fault in queries.faults(Category.objects.get(code="car")) for line in fault.lines.all()]
    assert lines
    assert {line.price for line in lines} == {0}


def test_only_who_sets_up_orders_loads_a_set(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.load_set(name="cars", lang="ru", by=house.people["manager.north"], now=NOON)
    with pytest.raises(KeyError):
        actions.load_set(name="../secrets", lang="ru", by=house.olga, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_load_a_set_at_once_one_brings_it(in_threads: Callable[..., list[Any]]) -> None:
    house = make_assets.crew()

    def load() -> int:
        return len(actions.load_set(name="cars", lang="ru", by=house.olga, now=NOON))

    assert sorted(in_threads(load, load)) == [0, 2]
    assert Category.objects.count() == 2


# ── The category itself ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_category_gets_a_code_of_its_own_and_the_last_place(house: House) -> None:
    make_assets.category()

    made = actions.add_category(name="Кофемашина", by=house.olga, now=NOON, identifier="serial")

    assert (made.code, made.position) == ("kofemashina", 10)
    with pytest.raises(actions.NameTaken):
        actions.add_category(name="кофемашина", by=house.olga, now=NOON)
    with pytest.raises(NotAllowed):
        actions.add_category(name="X", by=house.people["manager.north"], now=NOON)


def test_a_code_is_plain_and_free() -> None:
    assert code_of("Ёлка №1 (Щётка)", ()) == "elka_1_shchetka"
    assert code_of("电话", {"own"}) == "own_2"
    assert len(code_of("ж" * 60, ())) <= 30


def test_a_category_changes_and_tells_what(house: House) -> None:
    laptop = make_assets.category()
    seen = queries.face_of_category(laptop)
    actions.change_category(
        category=laptop, seen=seen, by=house.olga, now=NOON, name="Ноутбуки", labour_warranty_days=180
    )

    assert Category.objects.get().labour_warranty_days == 180
    assert latest("category.changed").facts == {"changed": ["labour_warranty_days", "name"]}
    with pytest.raises(actions.ChangedMeanwhile) as refused:
        actions.change_category(category=laptop, seen=seen, by=house.olga, now=NOON, name="Иначе")
    assert refused.value.face == queries.face_of_category(laptop)
    assert Category.objects.get().name == "Ноутбуки"


def test_the_name_of_another_category_is_refused(house: House) -> None:
    laptop = make_assets.category()
    make_assets.category("phone")

    with pytest.raises(actions.NameTaken):
        actions.change_category(
            category=laptop, seen=queries.face_of_category(laptop), by=house.olga, now=NOON, name="ТЕЛЕФОН"
        )


def test_a_category_is_switched_off_and_on_and_moved(house: House) -> None:
    laptop, phone = make_assets.category(), make_assets.category("phone")

    actions.move_category(category=phone, later=False, by=house.olga, now=NOON)
    assert queries.categories() == [phone, laptop]
    actions.move_category(category=phone, later=False, by=house.olga, now=NOON)
    assert queries.categories() == [phone, laptop]

    for _ in range(2):
        actions.switch_category(category=phone, on=False, by=house.olga, now=NOON)
    assert queries.categories() == [laptop]
    assert Event.objects.filter(kind="category.switched_off").count() == 1
    assert [row.category for row in queries.categories_with_counts()] == [laptop, phone]


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_checklist_is_saved_whole_in_its_order(house: House) -> None:
    laptop = make_assets.category()
    seen = queries.face_of_checklist(laptop, AT_INTAKE)

    told = {"category": laptop, "moment": AT_INTAKE, "by": house.olga, "now": NOON}
    actions.set_checklist(items=[("Включается", True), ("Экран целый", False)], seen=seen, **told)

    assert [(item.text, item.is_usual) for item in queries.checklist(laptop, AT_INTAKE)] == [
        ("Включается", True), ("Экран целый", False),
    ]  # fmt: skip
    assert not queries.checklist(laptop, BEFORE_READY)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.set_checklist(items=[], seen=seen, **told)
    with pytest.raises(actions.Twice):
        actions.set_checklist(
            items=[("Экран", True), ("экран", True)], seen=queries.face_of_checklist(laptop, AT_INTAKE), **told
        )
    with pytest.raises(NotAllowed):
        actions.set_checklist(items=[], seen=seen, **(told | {"by": house.people["technician.north"]}))


def test_own_fields_keep_their_keys_when_renamed_swapped_and_moved(house: House) -> None:
    laptop = make_assets.category()
    told = {"category": laptop, "by": house.olga, "now": NOON}
    new = [
        FieldTold(None, "Память", "text"),
        FieldTold(None, "Диск", "choice", ("SSD", "HDD")),
        FieldTold(None, "X", "flag"),
    ]
    actions.set_fields(fields=new, seen=queries.face_of_fields(laptop), **told)
    memory, disk, _ = queries.fields(laptop)

    swapped = [FieldTold(disk.pk, "Память", "text"), FieldTold(memory.pk, "Диск", "text")]
    actions.set_fields(fields=swapped, seen=queries.face_of_fields(laptop), **told)

    assert [(field.pk, field.name) for field in queries.fields(laptop)] == [(disk.pk, "Память"), (memory.pk, "Диск")]
    with pytest.raises(actions.Twice):
        actions.set_fields(fields=[swapped[0], swapped[0]], seen=queries.face_of_fields(laptop), **told)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.set_fields(fields=[], seen="", **told)
    assert CategoryField.objects.count() == 2


def test_a_field_of_another_category_is_not_taken_for_ones_own(house: House) -> None:
    theirs = CategoryField.objects.create(category=make_assets.category("phone"), name="Память")
    laptop = make_assets.category()

    actions.set_fields(
        category=laptop, fields=[FieldTold(theirs.pk, "Моё", "text")], seen=queries.face_of_fields(laptop),
        by=house.olga, now=NOON,
    )  # fmt: skip

    assert CategoryField.objects.get(pk=theirs.pk).name == "Память"
    assert [field.name for field in queries.fields(laptop)] == ["Моё"]


def test_a_fault_is_made_changed_and_removed_with_its_lines(house: House) -> None:
    laptop = make_assets.category()
    line = FaultLineTold("labour", "Чистка", 190000, norm_minutes=60)
    told = {"category": laptop, "by": house.olga, "now": NOON}

    fault = actions.save_fault(fault=None, told=("Греется", "Сильно греется"), lines=[line], **told)
    seen = queries.face_of_fault(fault)
    actions.save_fault(fault=fault, told=("Греется и шумит", "Греется"), lines=[line, line], seen=seen, **told)

    assert [(one.title, len(one.lines.all())) for one in queries.faults(laptop)] == [("Греется и шумит", 2)]
    with pytest.raises(actions.ChangedMeanwhile):
        actions.save_fault(fault=fault, told=("Y", "Y"), lines=[], seen=seen, **told)
    with pytest.raises(actions.FaultTaken):
        actions.save_fault(fault=None, told=("Греется и шумит", "…"), lines=[], **told)
    actions.remove_fault(fault=fault, by=house.olga, now=NOON)
    assert not FaultTemplate.objects.exists()
    assert latest("category.fault_removed").subject_id == laptop.pk


def test_norms_of_stages_are_those_that_were_given(house: House) -> None:
    laptop = make_assets.category()
    told = {"category": laptop, "by": house.olga, "now": NOON}

    actions.set_norms(norms={"repair": 480, "check": None}, seen=queries.face_of_norms(laptop), **told)

    assert queries.norms(laptop) == {"repair": 480}
    with pytest.raises(actions.ChangedMeanwhile):
        actions.set_norms(norms={}, seen="old", **told)


def test_the_house_knows_whether_it_was_told_what_it_repairs(house: House) -> None:
    assert queries.is_nothing_repaired()

    actions.load_set(name="cars", lang="ru", by=house.olga, now=NOON)

    assert not queries.is_nothing_repaired()
