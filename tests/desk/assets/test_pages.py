"""Pages of assets and of what is set up for them, as a browser meets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dovolen.desk.assets import actions, queries
from dovolen.desk.assets.models import AT_INTAKE, Asset, Category
from dovolen.desk.core.changes import change
from tests.desk import cast, make, make_assets
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def house() -> House:
    return make_assets.crew("receptionist.north", "receptionist.south", "technician.north", "manager.north")


@pytest.fixture
def olga(house: House, client: Client) -> Client:
    client.force_login(house.olga)
    return client


def text(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def rows(*told: dict[str, str]) -> dict[str, Any]:
    """Rows of a list as a browser sends them."""
    named = {f"r{place}-{name}": value for place, row in enumerate(told) for name, value in row.items()}
    return named | {"row": [f"r{place}" for place in range(len(told))]}


# ── The first steps ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_house_is_led_to_the_ready_sets(house: House, olga: Client) -> None:
    assert "Сначала скажите, что вы ремонтируете" in text(olga.get("/settings/"))
    assert "Категорий пока нет" in text(olga.get("/settings/categories/"))

    taken = olga.post("/settings/ready-sets/", {"name": "cars", "once": "k" * 12}, follow=True)

    assert "Набор взят: 2 категории" in text(taken)
    assert {"car", "van"} == set(Category.objects.values_list("code", flat=True))
    assert "Сначала скажите" not in text(olga.get("/settings/"))
    assert text(olga.get("/settings/ready-sets/")).count("Взять набор</button>") == 2


def test_a_set_taken_twice_by_a_double_click_is_taken_once(house: House, olga: Client) -> None:
    for _ in range(2):
        olga.post("/settings/ready-sets/", {"name": "cars", "once": "k" * 12})

    assert Category.objects.count() == 2


def test_an_unknown_set_is_no_set(house: House, olga: Client) -> None:
    assert olga.post("/settings/ready-sets/", {"name": "../x", "once": "k" * 12}).status_code == 200
    assert not Category.objects.exists()


def test_a_set_comes_in_the_language_of_the_one_who_takes_it(house: House, client: Client) -> None:
    type(house.olga).objects.filter(pk=house.olga.pk).update(language="en")
    client.force_login(cast.fresh(house.olga))

    client.post("/settings/ready-sets/", {"name": "cars", "once": "k" * 12})

    assert Category.objects.get(code="car").name == "Car"


@pytest.mark.parametrize("path", ["/settings/", "/settings/categories/", "/settings/ready-sets/", "/settings/stages/"])
def test_settings_are_for_those_who_set_up(house: House, client: Client, path: str) -> None:
    client.force_login(house.people["manager.north"])

    assert client.get(path).status_code == 403


def test_lists_of_settings_ask_as_many_questions_at_every_size(
    house: House, olga: Client, django_assert_num_queries: Any
) -> None:
    make.category()
    with django_assert_num_queries(8):
        olga.get("/settings/categories/")
    actions.load_set(name="appliances", lang="ru", by=house.olga, now=NOON)
    with django_assert_num_queries(8):
        olga.get("/settings/categories/")
    for code in ("washer", "vacuum"):
        page = f"/settings/categories/{Category.objects.get(code=code).pk}/faults/"
        with django_assert_num_queries(6):
            olga.get(page)


# ── A category ───────────────────────────────────────────────────────────────────────────────────────────────────────


CAMERA = {"name": "Фотоаппарат", "icon": "camera", "identifier": "serial", "turnaround_hours": "72",
          "labour_warranty_days": "90", "part_warranty_days": "30"}  # fmt: skip


def test_a_category_is_made_by_its_page_and_leads_on_to_its_checklist(house: House, olga: Client) -> None:
    answer = olga.post("/settings/categories/new/", CAMERA | {"uses_password": "on", "once": "k" * 12})

    made = Category.objects.get()
    assert answer.headers["Location"] == f"/settings/categories/{made.pk}/checklists/intake/"
    assert (made.code, made.part_warranty_days, made.uses_password) == ("fotoapparat", 30, True)
    again = olga.post("/settings/categories/new/", CAMERA | {"once": "z" * 12})
    assert "уже есть" in text(again)


@pytest.mark.parametrize(
    ("field", "value"), [("icon", "skull"), ("identifier", "x"), ("turnaround_hours", "0"), ("labour_warranty_days", "-1"), ("name", " ")]
)  # fmt: skip
def test_what_makes_no_category_is_refused_at_its_field(house: House, olga: Client, field: str, value: str) -> None:
    page = olga.post("/settings/categories/new/", CAMERA | {field: value, "once": "k" * 12})

    assert page.status_code == 200
    assert "dv-err" in text(page)
    assert not Category.objects.exists()


def test_a_category_is_changed_and_a_late_form_keeps_what_was_typed(house: House, olga: Client) -> None:
    laptop = make.category()
    seen = queries.face_of_category(laptop)
    page = f"/settings/categories/{laptop.pk}/"
    assert olga.post(page, CAMERA | {"seen": seen}).headers["Location"] == page

    late = text(olga.post(page, CAMERA | {"name": "Камера", "seen": seen}))

    assert "изменил кто-то другой" in late
    assert 'value="Камера"' in late
    assert olga.post(page, CAMERA | {"name": "Камера", "seen": queries.face_of_category(laptop)}).status_code == 302


def test_buttons_of_the_list_move_and_switch(house: House, olga: Client) -> None:
    laptop, phone = make.category(), make.category("phone")

    olga.post(f"/settings/categories/{phone.pk}/place/", {"later": "0"})
    assert queries.categories() == [phone, laptop]
    olga.post(f"/settings/categories/{phone.pk}/active/", {"on": "0"})
    assert queries.categories() == [laptop]
    assert "Больше не принимаем" in text(olga.get("/settings/categories/"))


def test_a_checklist_is_edited_row_by_row_without_script(house: House, olga: Client) -> None:
    laptop = make.category()
    page = f"/settings/categories/{laptop.pk}/checklists/intake/"
    seen = queries.face_of_checklist(laptop, AT_INTAKE)
    two = rows({"text": "Экран цел", "is_usual": "on"}, {"text": HOSTILE})

    moved = text(olga.post(page, two | {"seen": seen, "op": "up-r1"}))
    assert moved.index("&lt;script&gt;") < moved.index("Экран цел")
    assert HOSTILE not in moved
    assert not queries.checklist(laptop, AT_INTAKE)
    longer = text(olga.post(page, two | {"seen": seen, "op": "add"}))
    assert longer.count('name="row"') == 3
    shorter = text(olga.post(page, two | {"seen": seen, "op": "drop-r0"}))
    assert "Экран цел" not in shorter

    assert olga.post(page, two | {"seen": seen, "row": ["r1", "r0"]}).headers["Location"] == page
    assert [item.text for item in queries.checklist(laptop, AT_INTAKE)] == [HOSTILE, "Экран цел"]
    assert "изменил кто-то другой" in text(olga.post(page, two | {"seen": seen}))
    twice = rows({"text": "Экран"}, {"text": "экран"}) | {"seen": queries.face_of_checklist(laptop, AT_INTAKE)}
    assert "стоит в списке дважды" in text(olga.post(page, twice))


def test_htmx_gets_the_list_alone(house: House, olga: Client) -> None:
    page = f"/settings/categories/{make.category().pk}/checklists/ready/"

    part = text(
        olga.post(page, rows({"text": "А"}) | {"op": "add"}, headers={"HX-Request": "true", "HX-Target": "rows"})
    )

    assert part.strip().startswith('<div id="rows"')
    assert "<h1" not in part
    assert olga.get(f"/settings/categories/{make.category().pk}/checklists/other/").status_code == 404


def test_own_fields_are_edited_by_their_page(house: House, olga: Client) -> None:
    laptop = make.category()
    page = f"/settings/categories/{laptop.pk}/fields/"
    told = rows({"name": "Диск", "kind": "choice", "choices": "SSD, , HDD"}, {"name": "", "kind": "text"})

    assert olga.post(page, told | {"seen": queries.face_of_fields(laptop)}).status_code == 302
    (disk,) = queries.fields(laptop)
    assert (disk.kind, disk.choices) == ("choice", ["SSD", "HDD"])
    bad = rows({"name": "Диск", "kind": "choice", "choices": " , ", "key": str(disk.pk)})
    assert "Перечислите варианты" in text(olga.post(page, bad | {"seen": queries.face_of_fields(laptop)}))


def test_a_fault_is_made_changed_and_removed_by_its_page(house: House, olga: Client) -> None:
    laptop = make.category()
    base = f"/settings/categories/{laptop.pk}/faults/"
    told = {"title": "Греется", "text": "Сильно греется"}
    line = {"name": "Чистка", "kind": "labour", "price": "1 900", "cost": "", "norm": "1 ч"}

    grown = text(olga.post(f"{base}new/", told | rows(line) | {"op": "add", "once": "k" * 12}))
    assert 'value="Греется"' in grown
    assert 'value="1 900"' in grown
    assert olga.post(f"{base}new/", told | rows(line) | {"once": "k" * 12}).headers["Location"] == base
    (fault,) = queries.faults(laptop)
    assert [(one.price, one.norm_minutes) for one in fault.lines.all()] == [(190000, 60)]
    assert "1 900 ₽" in text(olga.get(base))

    page = f"{base}{fault.pk}/"
    wrong = text(olga.post(page, told | rows(line | {"price": "дорого"}) | {"seen": queries.face_of_fault(fault)}))
    assert "Введите сумму цифрами" in wrong
    assert "уже есть" in text(olga.post(f"{base}new/", told | rows(line) | {"once": "z" * 12}))
    olga.post(f"{page}removal/")
    assert "Частых неисправностей пока нет" in text(olga.get(base))
    assert olga.get(page).status_code == 404


# ── An asset ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def details_of(asset: Asset, **told: str) -> dict[str, str]:
    return {"version": str(asset.version), "category": str(asset.category_id), "brand": asset.brand, "model": asset.model,
            "serial_number": asset.serial_number} | told  # fmt: skip


def test_the_card_shows_the_history_across_owners(house: House, client: Client) -> None:
    anna, boris = make.person(by=house.olga, centre=house.north, name="Анна Кравцова"), None
    boris = make.person(by=house.olga, centre=house.north, name="Борис Яшин")
    asset = make.asset(owner=anna, centre=house.north)
    first = make.order(by=house.olga, centre=house.north, asset=asset, at="picked_up", lines=make.price_list)
    actions.change_owner(asset=asset, owner=boris, by=house.olga, now=NOON)
    second = make.order(by=house.olga, centre=house.north, asset=Asset.objects.get(), at="diagnosis")
    client.force_login(house.people["receptionist.north"])

    shown = text(client.get(f"/assets/{asset.pk}/"))

    assert shown.index(f"№ {second.number}") < shown.index(f"№ {first.number}")
    assert shown.count("Анна Кравцова") == 2
    assert "Борис Яшин" in shown
    assert "Замена матрицы" in shown
    assert "Сейчас у нас" in shown
    assert f"/intake/?customer={boris.pk}&amp;asset={asset.pk}" in shown


def test_a_technician_sees_names_and_no_card_of_a_client(house: House, client: Client) -> None:
    anna = make.person(by=house.olga, centre=house.north, name="Анна Кравцова")
    asset = make.asset(owner=anna, centre=house.north)
    client.force_login(house.people["technician.north"])

    shown = text(client.get(f"/assets/{asset.pk}/"))

    assert "Анна Кравцова" in shown
    assert "/customers/" not in shown.split("<main", 1)[1]
    assert client.get(f"/assets/{asset.pk}/owner/").status_code == 403


def test_assets_and_orders_of_another_centre_are_not_there(house: House, client: Client) -> None:
    asset = make.asset(centre=house.north, owner=make.person(by=house.olga, centre=house.north))
    order = make.order(by=house.olga, centre=house.north, asset=asset, at="picked_up", lines=make.price_list)
    client.force_login(house.people["receptionist.south"])
    for path in ("", "details/", "owner/"):
        assert client.get(f"/assets/{asset.pk}/{path}").status_code == 404

    actions.note_at(asset=asset, centre=house.south, now=NOON)

    shown = text(client.get(f"/assets/{asset.pk}/"))
    assert f"№ {order.number}" not in shown
    assert "Замена матрицы" not in shown


def test_the_card_asks_as_many_questions_with_many_orders(
    house: House, client: Client, django_assert_num_queries: Any
) -> None:
    asset = make.asset(centre=house.north, owner=make.person(by=house.olga, centre=house.north))
    client.force_login(house.people["receptionist.north"])
    for _ in range(2):
        with django_assert_num_queries(10):
            assert client.get(f"/assets/{asset.pk}/").status_code == 200
        for _ in range(3):
            make.order(by=house.olga, centre=house.north, asset=asset, at="picked_up", lines=make.price_list)


def test_details_change_and_a_late_form_shows_both(house: House, olga: Client) -> None:
    asset = make.asset(centre=house.north)
    page = f"/assets/{asset.pk}/details/"

    assert (
        olga.post(page, details_of(asset, model="Zenbook", colour="серый")).headers["Location"]
        == f"/assets/{asset.pk}/"
    )
    late = text(olga.post(page, details_of(asset, model="ROG")))

    assert "Zenbook" in late
    assert 'value="ROG"' in late
    assert 'value="2"' in late


def test_a_number_that_looks_wrong_is_kept_once_it_was_confirmed(house: House, olga: Client) -> None:
    asset = make.asset(centre=house.north, code="phone", serial_number="490154203237518")
    page = f"/assets/{asset.pk}/details/"

    wrong = text(olga.post(page, details_of(asset, serial_number="490154203237519")))
    assert "контрольной цифрой" in wrong
    assert "as_it_is" in wrong
    olga.post(page, details_of(asset, serial_number="490154203237519", as_it_is="on"))

    assert Asset.objects.get().serial_key == "490154203237519"
    assert olga.post(page, details_of(Asset.objects.get(), colour="белый")).status_code == 302


def test_a_number_of_another_asset_is_told_at_its_field(house: House, olga: Client) -> None:
    make.asset(centre=house.north, serial_number="ONE")
    asset = make.asset(centre=house.north, serial_number="TWO")

    page = text(olga.post(f"/assets/{asset.pk}/details/", details_of(asset, serial_number="one")))

    assert "Такой номер уже есть: ASUS VivoBook 15" in page


def test_own_fields_are_typed_kept_and_shown_and_go_with_the_category(house: House, olga: Client) -> None:
    asset = make.asset(centre=house.north)
    fields = [
        actions.FieldTold(None, "Диск", "choice", ("SSD", "HDD")), actions.FieldTold(None, "Данные важны", "flag"),
        actions.FieldTold(None, "Чашек", "number"), actions.FieldTold(None, "Процессор", "text"),
    ]  # fmt: skip
    actions.set_fields(
        category=asset.category, fields=fields, seen=queries.face_of_fields(asset.category), by=house.olga, now=NOON
    )
    disk, flag, cups, chip = (f"field_{field.pk}" for field in queries.fields(asset.category))
    page = f"/assets/{asset.pk}/details/"

    olga.post(page, details_of(asset, **{disk: "SSD", flag: "on", cups: "1200.500", chip: HOSTILE}))

    kept = Asset.objects.get()
    assert list(kept.fields.values()) == ["SSD", True, "1200.5", HOSTILE]
    card = text(olga.get(f"/assets/{asset.pk}/"))
    assert "&lt;script&gt;" in card
    assert HOSTILE not in card
    assert 'value="SSD" selected' in text(olga.get(page))
    assert olga.post(page, details_of(kept, **{disk: "NVMe"})).status_code == 200
    other = make.category("phone")
    olga.post(page, details_of(kept, category=str(other.pk), as_it_is="on"))
    assert (Asset.objects.get().category, Asset.objects.get().fields) == (other, {})


def test_a_late_form_shows_each_own_field_that_others_wrote(house: House, olga: Client) -> None:
    asset = make.asset(centre=house.north)
    both = [actions.FieldTold(None, "Диск", "text"), actions.FieldTold(None, "Память", "text")]
    actions.set_fields(
        category=asset.category, fields=both, seen=queries.face_of_fields(asset.category), by=house.olga, now=NOON
    )
    disk, memory = (f"field_{field.pk}" for field in queries.fields(asset.category))
    page = f"/assets/{asset.pk}/details/"
    olga.post(page, details_of(asset, **{disk: "SSD 1 ТБ", memory: "16"}))

    late = text(olga.post(page, details_of(asset, **{disk: "HDD", memory: "16"})))

    told = late.split("dv-difference", 1)[1].split("</section>", 1)[0]
    assert "Диск" in told
    assert "SSD 1 ТБ" in told
    assert "Память" not in told


def test_an_empty_row_does_not_keep_the_browser_from_sending(house: House, olga: Client) -> None:
    page = text(olga.get(f"/settings/categories/{make.category().pk}/checklists/intake/"))

    assert 'name="r0-text"' in page
    assert " required" not in page.split('id="rows"', 1)[1]


def test_the_owner_is_found_and_changed(house: House, client: Client) -> None:
    anna = make.person(by=house.olga, centre=house.north, name="Анна Кравцова")
    theirs = make.person(by=house.olga, centre=house.south, name="Анна Южная")
    asset = make.asset(centre=house.north)
    page = f"/assets/{asset.pk}/owner/"
    client.force_login(house.people["receptionist.north"])

    found = text(client.get(page, {"q": "анна"}))
    assert "Анна Кравцова" in found
    assert "Анна Южная" not in found
    assert "Никого не нашли" in text(client.get(page, {"q": "Никифор"}))
    for sent in ("", "x", "9" * 30, str(theirs.pk)):
        assert client.post(page, {"owner": sent}).status_code == 404
    assert client.post(page, {"owner": str(anna.pk)}).headers["Location"] == f"/assets/{asset.pk}/"

    assert Asset.objects.get().owner == anna


def test_an_owner_changed_meanwhile_is_told(house: House, client: Client) -> None:
    anna = make.person(by=house.olga, centre=house.north)
    asset = make.asset(centre=house.north)
    client.force_login(house.people["receptionist.north"])
    same = Asset.objects.get()
    actions.change_owner(asset=same, owner=anna, by=house.olga, now=NOON)
    change(same, seen=same.version, model="Иное")

    with pytest.raises(actions.OwnerChanged):
        actions.change_owner(asset=asset, owner=make.person(by=house.olga, centre=house.north), by=house.olga, now=NOON)


def test_an_asset_is_marked_as_gone_and_as_back(house: House, olga: Client) -> None:
    asset = make.asset(centre=house.north)

    olga.post(f"/assets/{asset.pk}/presence/", {"left_reason": "sold"})
    assert "продано" in text(olga.get(f"/assets/{asset.pk}/"))
    assert "Снова у клиента" in text(olga.get(f"/assets/{asset.pk}/details/"))
    olga.post(f"/assets/{asset.pk}/presence/", {"is_here": "1"})
    olga.post(f"/assets/{asset.pk}/presence/", {"left_reason": "eaten"})

    assert Asset.objects.get().left_at is None
