"""The intake page as a browser meets it, with script and without: nothing typed is lost, nothing foreign is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dovolen.desk.assets.models import Asset, Category, ChecklistItem, FaultLine, FaultTemplate
from dovolen.desk.core.models import Event
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import DeviceSecret, Line, Photo, RepairOrder, Stage
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Consent, Customer
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
PHONE = "+7 997 201-77-01"
SAVED = 32
"""Statements of a saved intake: a new client, his device, two consents, the order, its claim and savepoints."""
FRAGMENT = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def house() -> House:
    made = cast.opened(now=timezone.now() - timedelta(days=400))
    for login, centre in (("receptionist.north", made.north), ("receptionist.south", made.south)):
        make.staff(login, (centre, "receptionist"))
    make.staff("technician.north", (made.north, "technician"))
    make.staff("director.north", (made.north, "director"))
    make.stage("accepted")
    laptop = make.category()
    ChecklistItem.objects.create(category=laptop, text="Включается", is_usual=True)
    ChecklistItem.objects.create(category=laptop, text="Следы влаги")
    fault = FaultTemplate.objects.create(category=laptop, title="Греется", text="Перегревается и шумит")
    FaultLine.objects.create(fault=fault, name="Чистка", price=320_000, cost=77_777, norm_minutes=48)
    return made


def at_desk(house: House, login: str = "receptionist.north") -> Client:
    client = Client()
    client.force_login(house[login], backend="django.contrib.auth.backends.ModelBackend")
    return client


def known(house: House, **facts: Any) -> Customer:
    """Larin, who was here before."""
    by = house["director.north"]
    return make.person(by=by, name="Ларин Сергей Викторович", phone=PHONE, now=timezone.now(), **facts)


def laptop_of(house: House, owner: Customer, **facts: Any) -> Asset:
    told = {"brand": "ASUS", "model": "TUF Gaming A15", "serial_number": "N4NRCV05H63417C"} | facts
    return make.asset(owner=owner, centre=house.north, now=timezone.now(), **told)


def whole(**more: Any) -> dict[str, Any]:
    """A form that lacks nothing: a new client with a new laptop."""
    term = (timezone.now() + timedelta(days=2)).isoformat()
    return {
        "customer": "new", "name": "Карпова Марина", "phone": "8 997 201 77 02", "asset": "new",
        "category": str(Category.objects.get(code="laptop").pk), "model": "asus TUF Gaming A15",
        "serial_number": "SN1", "fault_text": "Не включается", "term": term,
    } | more  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', page)
    assert found, name
    return found[1] or found[2] or ""


# ── Looking up ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [PHONE, "89972017701", "2017701", "ларин", "Сергей Ларин", "kfhby", "N4NRCV05H63417C", "н4nrcv05", "№ 1", "1"],
)
def test_a_client_is_found_by_whatever_is_typed(house: House, typed: str) -> None:
    larin = known(house)
    laptop = laptop_of(house, larin)
    make.order(by=house["director.north"], asset=laptop, now=timezone.now(), promised_at=None)
    typed = {"н4nrcv05": "N4NRCV05"}.get(typed, typed)
    if typed == "1":
        typed = "№1"

    page = text(at_desk(house).post("/intake/draft/", {"q": typed}, headers=FRAGMENT))

    assert "Ларин Сергей Викторович" in page
    assert f'value="{larin.pk}:' in page


@pytest.mark.parametrize(("typed", "is_certain"), [(PHONE, True), ("N4NRCV05H63417C", True), ("Ларин", False)])
def test_a_whole_number_decides_and_a_name_does_not(house: House, typed: str, is_certain: bool) -> None:
    laptop_of(house, known(house))

    page = text(at_desk(house).post("/intake/draft/", {"q": typed}, headers=FRAGMENT))

    assert bool(re.search(r'data-certain="\d+:', page)) == is_certain


def test_two_clients_with_one_number_are_both_offered(house: House) -> None:
    known(house)
    make.person(by=house["director.north"], name="Ларина Анна", phone=PHONE)

    page = text(at_desk(house).post("/intake/draft/", {"q": PHONE}, headers=FRAGMENT))

    assert "Ларин Сергей" in page
    assert "Ларина Анна" in page
    assert 'data-certain=""' in page


def test_of_a_client_of_another_centre_only_initials_are_told_and_only_to_the_whole_number(house: House) -> None:
    known(house)
    south = at_desk(house, "receptionist.south")

    whole_number = text(south.post("/intake/draft/", {"q": PHONE}, headers=FRAGMENT))
    part = text(south.post("/intake/draft/", {"q": "2017701"}, headers=FRAGMENT))
    name = text(south.post("/intake/draft/", {"q": "Ларин"}, headers=FRAGMENT))

    assert "Л. С. — клиент другого центра" in whole_number
    assert "Ларин" not in whole_number + part
    assert "Сергей" not in whole_number + part + name
    assert "Такого клиента нет" in part
    assert "Такого клиента нет" in name


def test_whoever_has_exactly_this_number_elsewhere_is_taken_over_and_known_here_then(house: House) -> None:
    larin = known(house)
    south = at_desk(house, "receptionist.south")
    page = text(south.post("/intake/draft/", {"q": PHONE, "pick": "elsewhere"}))
    assert value_of(page, "customer") == "elsewhere"
    assert "Ларин" not in page

    answer = south.post("/intake/", whole(q=PHONE, customer="elsewhere"))

    order = RepairOrder.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}/slip/"
    assert (order.customer, order.centre) == (larin, house.south)
    assert "Ларин" in text(south.post("/intake/draft/", {"q": PHONE}, headers=FRAGMENT))


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


BARE, LOOKED_UP, CHOSEN = 4, 8, 12
"""Questions to the base: the empty page, people while one types, client and device with all that is known of them."""


def test_the_page_asks_the_base_as_often_at_every_size(house: House, django_assert_num_queries: Any) -> None:
    client, director, now = at_desk(house), house["director.north"], timezone.now()
    larin = known(house)
    laptop = laptop_of(house, larin)
    make.order(by=director, asset=laptop, lines=make.price_list, now=now, promised_at=None)
    client.get("/intake/")

    def asks_as_told() -> None:
        with django_assert_num_queries(BARE):
            client.get("/intake/")
        with django_assert_num_queries(LOOKED_UP):
            client.post("/intake/draft/", {"q": "Ларин"}, headers=FRAGMENT)
        with django_assert_num_queries(CHOSEN):
            client.post("/intake/draft/", {"q": "Ларин", "pick": f"{larin.pk}:{laptop.pk}"})

    asks_as_told()
    for n in range(12):
        other = make.person(by=director, name=f"Ларин {n}", phone=make.number(500 + n))
        one = laptop_of(house, other, serial_number=f"X{n}")
        make.order(by=director, at="picked_up", asset=one, lines=make.price_list, now=now, promised_at=None)
        make.order(by=director, at="picked_up", asset=laptop, lines=make.price_list, now=now, promised_at=None)
    laptop_of(house, larin, serial_number="Y1")
    asks_as_told()


def test_who_is_chosen_is_told_of_before_the_first_words(house: House) -> None:
    director, now = house["director.north"], timezone.now()
    larin = known(house)
    laptop = laptop_of(house, larin)
    earlier = make.order(
        by=director, asset=laptop, lines=make.price_list, now=now - timedelta(days=20),
        promised_at=now - timedelta(days=18), fault_text="Греется",
    )  # fmt: skip
    part = earlier.lines.get(kind="part")
    work = earlier.lines.get(kind="labour")
    actions.record_approval(
        order=earlier, approved=[work.pk], declined={part.pk: "дорого"}, who="Клиент", told_how="call", by=director,
        now=now - timedelta(days=19),
    )  # fmt: skip
    make.bring(earlier, "picked_up", by=director, now=now - timedelta(days=15))

    page = text(at_desk(house).post("/intake/draft/", {"q": PHONE, "pick": f"{larin.pk}:"}))

    assert "узнано: было у нас 1 раз" in page
    assert "Замена матрицы" in page
    assert "0 из 1 в срок" in page
    assert "В прошлый раз опоздали: № 1" in page
    assert f'name="offer_add" value="{part.pk}"' in page
    assert f'name="rework" value="{earlier.pk}"' in page
    assert f'hx-get="/customers/{larin.pk}/short/"' in page
    assert "1 заказ" in page


def test_nothing_is_agreed_to_beforehand_and_what_was_given_is_told_with_its_text(house: House) -> None:
    larin = known(house)
    people.record_consent(
        customer=larin, purpose="service", is_given=True, proof="paper", by=house["director.north"], now=timezone.now()
    )

    page = text(at_desk(house).post("/intake/draft/", {"pick": f"{larin.pk}:"}))

    assert 'name="consent_processing" value="1">' in page
    assert 'name="consent_advertising" value="1">' in page
    assert "consent_service" not in page
    assert re.search(r"дано \d+ \w+, текст 1", page)


def test_a_template_writes_its_words_and_lines_behind_what_was_typed_and_tells_no_cost(house: House) -> None:
    fault = FaultTemplate.objects.get()
    told = whole(
        fault_text="Упал.", fault=fault.pk, line_name="Доставка", line_price="500", line_kind="fee", line_source=""
    )

    page = text(at_desk(house).post("/intake/draft/", told))

    assert "Упал.\nПерегревается и шумит</textarea>" in page
    assert page.index('value="Доставка"') < page.index('value="Чистка"')
    assert 'value="3 200"' in page
    assert "3 700 ₽" in page
    assert "777" not in page


def test_declined_work_goes_into_the_estimate_and_out_again(house: House) -> None:
    director, now = house["director.north"], timezone.now()
    laptop = laptop_of(house, known(house))
    earlier = make.order(by=director, asset=laptop, lines=make.price_list, now=now, promised_at=None)
    lines = list(earlier.lines.all())
    actions.record_approval(
        order=earlier, approved=[lines[0].pk], declined={lines[1].pk: ""}, who="Клиент", told_how="call", by=director,
        now=now,
    )  # fmt: skip
    make.bring(earlier, "picked_up", by=director, now=now)
    client, chosen = at_desk(house), {"customer": str(laptop.owner_id), "asset": str(laptop.pk)}

    into = text(client.post("/intake/draft/", chosen | {"offer_add": lines[1].pk}))
    out = text(client.post("/intake/draft/", chosen | {"offer": lines[1].pk, "offer_drop": lines[1].pk}))
    client.post("/intake/", whole(**chosen, offer=lines[1].pk))

    assert f'name="offer" value="{lines[1].pk}"' in into
    assert "17 900 ₽" in into
    assert 'name="offer" ' not in out
    order = RepairOrder.objects.latest("number")
    assert [line.name for line in order.lines.all()] == [lines[1].name]
    assert order.estimate == 1_790_000


def test_the_page_opens_with_a_client_and_a_device_that_another_page_names(house: House) -> None:
    laptop = laptop_of(house, known(house))
    earlier = make.order(by=house["director.north"], at="picked_up", asset=laptop, now=timezone.now(), promised_at=None)
    client = at_desk(house)

    by_client = text(client.get(f"/intake/?customer={laptop.owner_id}"))
    by_device = text(client.get(f"/intake/?asset={laptop.pk}"))
    by_order = text(client.get(f"/intake/?customer={laptop.owner_id}&asset={laptop.pk}&rework={earlier.pk}"))

    assert value_of(by_client, "customer") == str(laptop.owner_id)
    assert value_of(by_device, "customer") == str(laptop.owner_id)
    assert f'name="asset" value="{laptop.pk}" checked' in by_device
    assert f'name="rework" value="{earlier.pk}" checked' in by_order


def test_a_blocked_client_is_told_of_with_the_reason(house: House) -> None:
    larin = known(house)
    people.block(customer=larin, reason="Не оплатил", by=house["director.north"], now=timezone.now())

    page = text(at_desk(house).get(f"/intake/?customer={larin.pk}"))

    assert "Клиент заблокирован: Не оплатил." in page


# ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_client_is_taken_in_with_everything_that_was_told(house: House) -> None:
    fault = FaultTemplate.objects.get()
    check = ChecklistItem.objects.get(text="Следы влаги")
    category = Category.objects.get()

    answer = at_desk(house).post("/intake/", whole(
        check=[check.pk], checked_for=category.pk, condition="Царапины", accessories="Зарядное", password="1234",
        line_name=["Чистка", "Доставка"], line_price=["3 100", "500"], line_kind=["labour", "fee"],
        line_source=[fault.lines.get().pk, ""], consent_processing="1", consent_service="1", shelf="Б-3",
    ))  # fmt: skip

    order = RepairOrder.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}/slip/"
    assert (order.customer.name, order.asset and str(order.asset)) == ("Карпова Марина", "Asus TUF Gaming A15")
    assert [phone.number for phone in order.customer.phones.all()] == ["+79972017702"]
    assert order.checklist == [{"text": "Включается", "is_on": False}, {"text": "Следы влаги", "is_on": True}]
    assert (order.condition, order.accessories, order.shelf) == ("Царапины", "Зарядное", "Б-3")
    lines = Line.objects.order_by("position").values_list("name", "price", "cost", "norm_minutes", "kind")
    assert list(lines) == [("Чистка", 310_000, 77_777, 48, "labour"), ("Доставка", 50_000, None, 0, "fee")]
    assert (order.total, order.estimate) == (360_000, 360_000)
    assert DeviceSecret.objects.get(order=order).locked != "1234"
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"processing", "service"}


def test_usual_checks_hold_where_the_list_was_not_seen(house: House) -> None:
    at_desk(house).post("/intake/", whole())

    assert RepairOrder.objects.get().checklist[0] == {"text": "Включается", "is_on": True}


def test_a_known_client_with_his_only_device_needs_no_more_than_the_fault(house: House) -> None:
    laptop = laptop_of(house, known(house))

    at_desk(house).post("/intake/", {
        "customer": str(laptop.owner_id), "fault_text": "Шумит", "term": (timezone.now() + timedelta(days=1)).isoformat()
    })  # fmt: skip

    order = RepairOrder.objects.get()
    assert (order.customer, order.asset) == (laptop.owner, laptop)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"customer": ""}, "Выберите клиента из найденных"),
        ({"customer": "999999"}, "Выберите клиента из найденных"),
        ({"name": ""}, "Как обращаться к клиенту?"),
        ({"phone": "12"}, "не похоже на номер телефона"),
        ({"is_company": "on", "tax_number": "7707083894"}, "В ИНН ошибка"),
        ({"category": ""}, "Выберите вид устройства"),
        ({"category": "999"}, "Выберите вид устройства"),
        ({"model": " "}, "Впишите модель устройства"),
        ({"serial_number": "---"}, "В номере нет ни букв, ни цифр"),
        ({"fault_text": ""}, "Запишите со слов клиента"),
        ({"term": ""}, "Выберите срок"),
        ({"term": "other"}, "Выберите срок"),
        ({"term": "2026-13-45"}, "Выберите срок"),
        ({"term": "2020-01-01T10:00:00+00:00"}, "Этот срок уже прошёл"),
        ({"term": "other", "term_at": "2020-01-01T10:00"}, "Этот срок уже прошёл"),
        ({"term": "2099-01-01T10:00:00+00:00"}, "Не принято"),
        ({"line_name": "Чистка", "line_price": "дорого"}, "Введите сумму цифрами"),
        ({"line_name": "", "line_price": "100"}, "Впишите название работы"),
        ({"category": "car", "odometer": "много"}, "целое число"),
        ({"condition": "x" * 1001}, "Не принято"),
        ({"pay_type": "free"}, "Не принято"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str], sentence: str
) -> None:
    if wrong.get("category") == "car":
        wrong = wrong | {"category": str(make.category("car").pk)}
    typed = whole(
        q=PHONE, condition="Царапины", accessories="Зарядное", contact="Анна", plate="А123ВС77", shelf="Б-3",
        password="pass-word", consent_service="1",
    ) | wrong  # fmt: skip
    if "line_name" not in typed:
        typed |= {"line_name": "Доставка", "line_price": "500,50", "line_kind": "fee", "line_source": ""}

    answer = at_desk(house).post("/intake/", typed)

    page = text(answer)
    assert answer.status_code == 200
    assert sentence in page
    assert not RepairOrder.objects.exists()
    assert not Customer.objects.exists()
    for name in ("q", "condition", "accessories", "shelf", "line_name", "line_price"):
        assert value_of(page, name) == typed[name], name
    assert typed["fault_text"] in page
    assert value_of(page, "model") == typed["model"]
    if "category" not in wrong:
        assert value_of(page, "password") == "pass-word"
    assert 'name="consent_service" value="1" checked' in page


def test_what_an_action_refuses_is_told_as_well_and_nothing_is_kept(house: House) -> None:
    answer = at_desk(house).post("/intake/", whole(term=(timezone.now() + timedelta(days=4000)).isoformat()))

    assert answer.status_code == 200
    assert "Не принято" in text(answer)
    assert not Customer.objects.exists()


def test_a_script_is_told_where_to_go_and_a_repeat_is_no_second_order(house: House) -> None:
    client, told = at_desk(house), whole(once="key-of-one-form")
    script = {"HX-Request": "true", "HX-Target": "main"}

    first, second = (client.post("/intake/", told, headers=script) for _ in range(2))

    assert (first.status_code, first.headers["HX-Redirect"]) == (204, "/orders/1/slip/")
    assert (second.status_code, second.headers["HX-Redirect"]) == (204, "/orders/1/slip/")
    assert RepairOrder.objects.count() == 1


def test_a_form_refused_amid_its_writing_leaves_nothing_and_may_be_sent_again(house: House) -> None:
    client, told = at_desk(house), whole(once="key-of-one-form", consent_processing="1")
    Stage.objects.update(is_active=False)

    refused = client.post("/intake/", told)

    assert refused.status_code == 200
    assert "Карпова Марина" in text(refused)
    assert not Customer.objects.exists()
    assert not Event.objects.filter(kind__in=["customer.added", "asset.added", "customer.consent_given"]).exists()
    Stage.objects.update(is_active=True)
    assert client.post("/intake/", told).headers["Location"] == "/orders/1/slip/"
    assert list(Event.objects.order_by("-id").values_list("kind", flat=True)[:4]) == [
        "order.accepted", "customer.consent_given", "asset.added", "customer.added",
    ]  # fmt: skip


def test_saving_asks_the_base_no_oftener_than_it_has_to(house: House, django_assert_num_queries: Any) -> None:
    client = at_desk(house)
    client.post("/intake/", whole(once="the-first-form", consent_processing="1"))
    told = whole(once="the-second-form", serial_number="", consent_processing="1", consent_service="1")

    with django_assert_num_queries(SAVED):
        client.post("/intake/", told)

    assert RepairOrder.objects.count() == 2


def test_without_a_slip_the_order_opens(house: House) -> None:
    answer = at_desk(house).post("/intake/", whole(no_slip="1"))

    assert answer.headers["Location"] == "/orders/1/"


def test_a_photo_is_kept_and_what_is_none_stops_the_intake_with_its_name(house: House) -> None:
    client = at_desk(house)
    good = SimpleUploadedFile("desk.jpg", make.photo(), content_type="image/jpeg")
    bad = SimpleUploadedFile("<b>x.jpg", b"<script>", content_type="image/jpeg")

    refused = text(client.post("/intake/", whole(photos=[good, bad])))
    assert "&lt;b&gt;x.jpg" in refused
    assert not RepairOrder.objects.exists()
    good.seek(0)
    client.post("/intake/", whole(photos=[good]))

    assert Photo.objects.get().order == RepairOrder.objects.get()


def test_too_many_photos_are_refused_and_not_dropped(house: House) -> None:
    photos = [SimpleUploadedFile(f"{n}.jpg", b"x", content_type="image/jpeg") for n in range(21)]

    answer = at_desk(house).post("/intake/", whole(photos=photos))

    assert "Не больше 20 фото за раз." in text(answer)
    assert not RepairOrder.objects.exists()


def test_a_repair_done_again_points_at_the_order_that_was_chosen(house: House) -> None:
    laptop = laptop_of(house, known(house))
    earlier = make.order(by=house["director.north"], at="picked_up", asset=laptop, now=timezone.now(), promised_at=None)

    at_desk(house).post("/intake/", whole(
        customer=str(laptop.owner_id), asset=str(laptop.pk), rework=earlier.pk, pay_type="warranty"
    ))  # fmt: skip

    order = RepairOrder.objects.latest("number")
    assert (order.rework_of, order.pay_type) == (earlier, "warranty")


# ── Without script ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_button_finds_whoever_is_certain_and_keeps_what_was_typed(house: House) -> None:
    laptop = laptop_of(house, known(house))

    page = text(at_desk(house).post("/intake/draft/", {"q": PHONE, "look": "1", "fault_text": "Шумит"}))

    assert value_of(page, "customer") == str(laptop.owner_id)
    assert f'name="asset" value="{laptop.pk}" checked' in page
    assert "Шумит</textarea>" in page
    assert not RepairOrder.objects.exists()


def test_a_new_client_begins_with_what_was_looked_for(house: House) -> None:
    client = at_desk(house)

    by_number = text(client.post("/intake/draft/", {"q": "89972017799", "pick": "new"}))
    by_name = text(client.post("/intake/draft/", {"q": "Карпова Марина", "pick": "new"}))

    assert value_of(by_number, "phone") == "+7 997 201-77-99"
    assert value_of(by_name, "name") == "Карпова Марина"


def test_clients_like_the_new_one_are_shown_while_he_is_typed(house: House) -> None:
    known(house)

    page = text(at_desk(house).post("/intake/draft/", {"customer": "new", "name": "Ларин Сергей", "phone": PHONE}))

    assert "Похожие клиенты" in page
    assert "тот же телефон" in page


def test_a_serial_number_that_is_known_becomes_that_device(house: House) -> None:
    laptop = laptop_of(house, known(house))

    page = text(at_desk(house).post("/intake/draft/", whole(serial_number="n4nrcv05h63417c")))

    assert f'name="asset" value="{laptop.pk}" checked' in page
    assert "Записано на другого клиента: Ларин Сергей Викторович." in page


def test_a_strange_imei_is_told_and_not_forbidden(house: House) -> None:
    phone = make.category("phone")
    client, told = at_desk(house), whole(category=str(phone.pk), serial_number="356938035643800")

    assert "контрольн" in text(client.post("/intake/draft/", told))
    client.post("/intake/", told)

    assert Asset.objects.get().serial_number == "356938035643800"


def test_where_nothing_is_repaired_yet_the_director_is_led_to_the_ready_sets() -> None:
    house = cast.full(now=timezone.now())

    assert "/settings/ready-sets/" in text(at_desk(house, "director.north").get("/intake/"))
    assert "/settings/ready-sets/" not in text(at_desk(house).get("/intake/"))


# ── What is not his ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_of_another_centre_is_taken_in_or_told_by_its_number(house: House) -> None:
    director = house["director.north"]
    laptop = laptop_of(house, known(house))
    earlier = make.order(by=director, at="picked_up", asset=laptop, now=timezone.now(), promised_at=None)
    south, chosen = at_desk(house, "receptionist.south"), {"customer": str(laptop.owner_id), "asset": str(laptop.pk)}

    shown = text(
        south.post("/intake/draft/", whole(**chosen, rework=earlier.pk, pick=f"{laptop.owner_id}:{laptop.pk}"))
    )
    refused = south.post("/intake/", whole(**chosen, rework=earlier.pk))
    taken = south.post("/intake/", whole(asset=str(laptop.pk), centre=str(house.north.pk), rework=earlier.pk))

    assert "Ларин" not in shown + text(refused)
    assert "N4NRCV05H63417C" not in shown + text(refused)
    assert refused.status_code == 200
    assert taken.status_code == 302
    order = RepairOrder.objects.latest("number")
    assert (order.centre, order.rework_of) == (house.south, None)
    assert order.asset != laptop


@pytest.mark.parametrize("role", ["technician", "marketer", "accountant"])
def test_who_does_not_take_in_has_no_intake(house: House, role: str) -> None:
    make.staff("somebody", (house.north, role))
    client = at_desk(house, "somebody")

    assert client.get("/intake/").status_code == 403
    assert client.post("/intake/", whole()).status_code == 403
    assert client.post("/intake/draft/", {"q": PHONE}).status_code == 403
    assert not RepairOrder.objects.exists()


def test_client_text_stays_text(house: House) -> None:
    evil = '"><script>alert(1)</script>'
    page = text(
        at_desk(house).post("/intake/draft/", whole(q=evil, name=evil, model=evil, fault_text=evil, line_name=evil))
    )
    at_desk(house).post("/intake/", whole(name=evil, fault_text=evil, model=evil))
    slip = text(at_desk(house).get("/orders/1/slip/"))

    assert "<script>alert" not in page + slip
    assert "&lt;script&gt;alert" in page
    assert "&lt;script&gt;alert" in slip


KEYS = ("centre", "customer", "asset", "category", "rework", "check", "offer", "fault", "pick", "owner", "line_source")


@pytest.mark.parametrize("value", ["\0", "-1", "1e9", "9" * 40, "٣", "x:y:z", "²", "𒀀"])
def test_no_value_of_a_key_breaks_the_page(house: House, value: str) -> None:
    client = at_desk(house)

    for field in KEYS:
        told = whole(line_name="Чистка", line_price="1", model="") | {field: value}
        assert client.post("/intake/draft/", told).status_code == 200, field
        assert client.post("/intake/", told).status_code == 200, field
    assert not RepairOrder.objects.exists()


# ── The slip ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_slip_tells_what_was_taken_in_and_the_phone_only_to_those_who_may_see_it(
    house: House, django_assert_num_queries: Any
) -> None:
    desk, bench = at_desk(house), at_desk(house, "technician.north")
    desk.post("/intake/", whole(line_name="Чистка", line_price="3200", condition="Царапины"))
    desk.get("/orders/1/slip/")

    with django_assert_num_queries(6):
        slip = text(desk.get("/orders/1/slip/"))

    for told in ("Квитанция № 1", "Карпова Марина", "+7 997 201-77-02", "Asus TUF Gaming A15", "SN1", "Не включается",
                 "Царапины", "3 200 ₽", "Север"):  # fmt: skip
        assert told in slip, told
    assert "<svg" in slip
    of_technician = text(bench.get("/orders/1/slip/"))
    assert "Карпова Марина" in of_technician
    assert "201-77-02" not in of_technician
    assert at_desk(house, "receptionist.south").get("/orders/1/slip/").status_code == 404
