"""Forms of the order page: what each does, what it says when it does not, and when somebody was faster."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import BEFORE_READY, ChecklistItem
from dovolen.desk.core.models import Event
from dovolen.desk.money import queries as money
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import AwaitedPart, DeviceSecret, Line, Photo, RepairOrder
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    house = cast.opened(now=timezone.now() - timedelta(days=30))
    for role in ("receptionist", "technician", "manager", "accountant"):
        make.staff(f"{role}.north", (house.north, role))
    make.staff("director.south", (house.south, "director"))
    return house


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def order(house: House, now: datetime) -> RepairOrder:
    return taken_in(house, now)


def taken_in(house: House, now: datetime, **facts: Any) -> RepairOrder:
    """An order of this morning, promised in five days, with a category."""
    told = {"promised_at": now + timedelta(days=5), "category": make.category(), "now": now - timedelta(hours=3)}
    return make.order(by=house.olga, centre=house.north, **told | facts)


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def desk(house: House) -> Client:
    """The receptionist's browser."""
    return browser(house["receptionist.north"])


@pytest.fixture
def bench(house: House) -> Client:
    """The technician's browser."""
    return browser(house["technician.north"])


def sent(client: Client, order: RepairOrder, form: str, **data: Any) -> Any:
    return client.post(f"/orders/{order.number}/{form}", data)


def done(answer: Any, order: RepairOrder) -> None:
    """The form did its work: one is back on the order."""
    assert answer.status_code == 302, text_of(answer)[-3000:]
    assert answer.headers["Location"] == f"/orders/{order.number}/"
    order.refresh_from_db()


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def refused(answer: Any, why: str) -> str:
    """The form came back with a reason."""
    text = text_of(answer)
    assert answer.status_code == 200
    assert why in text
    return text


def local(moment: datetime) -> str:
    """As the browser's field has it, in Moscow."""
    return f"{timezone.localtime(moment, timezone.get_fixed_timezone(180)):%Y-%m-%dT%H:%M}"


# ── Details, diagnosis, and two people on one order ──────────────────────────────────────────────────────────────────


DETAILS = {"fault_text": "Не включается", "condition": "Царапины", "accessories": "Сумка", "shelf": "Б-3",
           "pay_type": "warranty", "estimate": "1 200,50"}  # fmt: skip


def test_details_are_changed(desk: Client, order: RepairOrder) -> None:
    done(sent(desk, order, "details/", version=1, **DETAILS), order)

    assert (order.fault_text, order.pay_type, order.estimate, order.version) == (
        "Не включается",
        "warranty",
        120_050,
        2,
    )


def test_a_technician_changes_what_he_sees_and_not_what_was_told(bench: Client, order: RepairOrder) -> None:
    assert 'name="fault_text"' not in bench.get(f"/orders/{order.number}/details/").content.decode()

    done(sent(bench, order, "details/", version=1, **DETAILS), order)

    assert (order.shelf, order.fault_text, order.pay_type, order.estimate) == (
        "Б-3", "Нет изображения", "customer_pay", None,
    )  # fmt: skip


def test_a_late_save_shows_both_texts_and_wins_when_sent_again(desk: Client, bench: Client, order: RepairOrder) -> None:
    done(sent(bench, order, "details/", version=1, condition="Скол", accessories="Сумка", shelf="А-1"), order)

    late = refused(sent(desk, order, "details/", version=1, **DETAILS), "Пока страница была открыта")

    assert "Скол" in late
    assert "Царапины" in late
    assert "Сейчас записано" in late
    order.refresh_from_db()
    assert order.condition == "Скол"
    version = re.search(r'name="version" value="(\d+)"', late)
    assert version is not None
    done(sent(desk, order, "details/", version=version[1], **DETAILS), order)
    assert (order.condition, order.shelf) == ("Царапины", "Б-3")


def fields_of(text: str) -> dict[str, str]:
    """What a browser would send of the inputs and texts of a form, unchanged."""
    named = re.findall(r'<input[^>]* name="([^"]+)"([^>]*)>', text)
    inputs = {name: (re.findall(r'value="([^"]*)"', rest) or [""])[0] for name, rest in named}
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    return inputs | dict(texts) | {"pay_type": "customer_pay", "initial-pay_type": "customer_pay"}


def test_who_comes_late_takes_over_what_others_wrote_where_he_wrote_nothing(
    desk: Client, bench: Client, order: RepairOrder
) -> None:
    url = f"/orders/{order.number}/details/"
    opened = fields_of(text_of(desk.get(url)))
    done(sent(bench, order, "details/", version=1, condition="Скол", accessories="", shelf="А-1"), order)

    late = refused(sent(desk, order, "details/", **opened | {"accessories": "Сумка"}), "Пока страница была открыта")
    assert late.count('class="theirs"') == 1
    done(sent(desk, order, "details/", **fields_of(late)), order)

    assert (order.accessories, order.condition, order.shelf) == ("Сумка", "Скол", "А-1")


def test_a_diagnosis_is_written_and_a_late_one_is_shown_beside_it(bench: Client, order: RepairOrder) -> None:
    done(sent(bench, order, "diagnosis/", version=1, diagnosis="Шлейф"), order)
    assert order.diagnosis == "Шлейф"

    text = refused(sent(bench, order, "diagnosis/", version=1, diagnosis="Матрица"), "Пока страница была открыта")
    assert 'class="mine">Матрица' in text


# ── The way ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_moves_on_and_says_no_to_who_saw_it_elsewhere(bench: Client, order: RepairOrder) -> None:
    first, on = order.stage_id, make.stage("diagnosis")

    done(sent(bench, order, "stage/", stage=on.pk, seen=first), order)
    assert order.stage == on

    refused(sent(bench, order, "stage/", stage=make.stage("repair").pk, seen=first), "Заказ уже передвинули")


def test_a_stage_that_needs_the_clients_word_is_refused_and_forced_by_a_manager(
    house: House, now: datetime, desk: Client
) -> None:
    order = taken_in(house, now, lines=make.price_list)
    on = {"stage": make.stage("repair").pk, "seen": order.stage_id}

    text = refused(sent(desk, order, "stage/", **on), "строки без ответа клиента")
    assert 'name="force"' not in text
    refused(sent(desk, order, "stage/", force="on", **on), "строки без ответа клиента")
    done(sent(browser(house["manager.north"]), order, "stage/", force="on", **on), order)

    assert order.stage.code == "repair"


@pytest.mark.parametrize("stage", ["told", "picked_up", "unknown"])
def test_stages_with_a_door_of_their_own_are_not_offered(bench: Client, order: RepairOrder, stage: str) -> None:
    key = make.stage(stage).pk if stage != "unknown" else 0

    refused(sent(bench, order, "stage/", stage=key, seen=order.stage_id), "dv-note bad")


def test_a_date_is_promised_with_its_reason(desk: Client, order: RepairOrder, now: datetime) -> None:
    at = (now + timedelta(days=8)).replace(second=0, microsecond=0)
    told = {"promised_at": local(at), "told_how": "call"}

    refused(sent(desk, order, "promise/", option="", **told), "reason-error")
    refused(sent(desk, order, "promise/", reason="part_late", told_how="call", option=""), "Выберите срок или введите")
    past = {"promised_at": local(now - timedelta(days=1)), "told_how": "call", "reason": "other"}
    refused(sent(desk, order, "promise/", **past), "Этот срок уже прошёл")
    done(sent(desk, order, "promise/", reason="part_late", note="Согласен", **told), order)

    assert order.promised_at == at
    assert order.promises.count() == 2


def test_one_of_the_dates_that_hold_is_promised(desk: Client, order: RepairOrder) -> None:
    text = text_of(desk.get(f"/orders/{order.number}/promise/"))
    option = re.findall(r'name="option" value="([^"]+)"', text)[0]

    done(sent(desk, order, "promise/", option=option, reason="more_work", told_how="message"), order)

    assert order.promised_at == datetime.fromisoformat(option)


def test_the_first_promise_needs_no_reason(house: House, now: datetime, desk: Client) -> None:
    order = taken_in(house, now, promised_at=None)
    assert 'name="reason"' not in text_of(desk.get(f"/orders/{order.number}/promise/"))

    done(sent(desk, order, "promise/", promised_at=local(now + timedelta(days=1)), told_how="in_person"), order)

    assert order.first_promised_at == order.promised_at is not None


def test_an_order_waits_and_waits_no_more(bench: Client, order: RepairOrder, now: datetime) -> None:
    refused(sent(bench, order, "hold/", reason="unknown"), "reason-error")
    done(sent(bench, order, "hold/", reason="client", note="Думает", until=local(now + timedelta(days=1))), order)
    assert (order.hold_reason, order.hold_note) == ("client", "Думает")
    assert "Думает" in text_of(bench.get(f"/orders/{order.number}/hold/"))

    done(sent(bench, order, "hold/end/"), order)
    assert order.hold_reason == ""
    again = bench.post(f"/orders/{order.number}/hold/end/", follow=True)
    assert "Заказ ничего не ждёт" in text_of(again)


def test_a_technician_takes_an_order_and_gives_it_to_nobody_else(
    house: House, bench: Client, order: RepairOrder
) -> None:
    me, other = house["technician.north"], house["manager.north"]
    assert f'value="{other.pk}"' not in text_of(bench.get(f"/orders/{order.number}/technician/"))

    done(sent(bench, order, "technician/", technician=me.pk), order)
    assert order.technician == me
    refused(sent(bench, order, "technician/", technician=other.pk), "technician-error")
    done(sent(browser(other), order, "technician/", technician=other.pk), order)
    assert order.technician == other


def checked(order: RepairOrder) -> None:
    for place, text in enumerate(("Экран", "Звук")):
        ChecklistItem.objects.create(category=order.category, moment=BEFORE_READY, text=text, position=place)


def test_what_is_checked_is_ticked_and_the_order_goes_on_at_once(bench: Client, order: RepairOrder) -> None:
    checked(order)

    done(sent(bench, order, "checklist/", version=1, ticked=["Экран"]), order)
    assert [item["is_on"] for item in order.ready_checklist] == [True, False]
    refused(sent(bench, order, "checklist/", version=2, ticked=["Экран"], goes_on="1"), "отметьте всю проверку")
    refused(sent(bench, order, "checklist/", version=1, ticked=["Звук"]), "Пока страница была открыта")
    refused(sent(bench, order, "checklist/", version=2, ticked=["Чужое"]), "dv-note bad")
    done(sent(bench, order, "checklist/", version=2, ticked=["Экран", "Звук"], goes_on="1"), order)

    assert order.phase == "ready"


def test_the_client_is_told_when_it_is_ready_and_not_before(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now)
    refused(sent(desk, order, "told/", how="call"), "ещё не готов")
    make.bring(order, "ready", by=house.olga, now=now)

    refused(sent(desk, order, "told/", how="not_yet"), "dv-note bad")
    done(sent(desk, order, "told/", how="message"), order)

    assert (order.phase, order.notified_how) == ("told", "message")


# ── The estimate ─────────────────────────────────────────────────────────────────────────────────────────────────────


LINE = {"kind": "part", "name": "Шлейф", "quantity": "1,5", "price": "3 040", "norm_hours": "1,5", "warranty_days": "30",
        "technician": ""}  # fmt: skip


def test_a_line_is_proposed(bench: Client, order: RepairOrder) -> None:
    refused(sent(bench, order, "lines/new/", **LINE | {"price": "много"}), "Введите сумму цифрами")
    refused(sent(bench, order, "lines/new/", **LINE | {"quantity": "0"}), "quantity-error")
    refused(sent(bench, order, "lines/new/", **LINE | {"name": ""}), "name-error")

    done(sent(bench, order, "lines/new/", cost="1", **LINE), order)

    line = Line.objects.get(order=order)
    assert (line.amount, line.norm_minutes, line.warranty_days, line.cost) == (456_000, 90, 30, None)
    assert order.total == 456_000


def test_costs_are_written_by_who_sees_them_alone(house: House, bench: Client, order: RepairOrder) -> None:
    manager = browser(house["manager.north"])
    done(sent(manager, order, "lines/new/", cost="1600", **LINE), order)
    line = Line.objects.get(order=order)
    assert line.cost == 160_000

    shown = text_of(bench.get(f"/orders/{order.number}/lines/{line.pk}/"))
    assert "1600" not in shown
    done(sent(bench, order, f"lines/{line.pk}/", cost="1", version=1, **LINE | {"price": "4000"}), order)
    line.refresh_from_db()
    assert (line.cost, line.price) == (160_000, 400_000)


def test_a_line_is_changed_by_the_first_and_shown_to_the_second(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    line = order.lines.get(kind="part")
    done(sent(desk, order, f"lines/{line.pk}/", version=1, **LINE), order)

    late = refused(
        sent(desk, order, f"lines/{line.pk}/", version=1, **LINE | {"price": "9", "norm_hours": "2"}),
        "Пока страница была",
    )

    assert "3 040 ₽" in late
    assert "9 ₽" in late
    assert 'class="theirs">1,50</td><td class="mine">2</td>' in late


def test_a_line_is_taken_out_as_it_was_seen_and_a_declined_one_stays(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    labour, part = order.lines.order_by("position")
    said = {"who": "Марина", "told_how": "call", "by": house.olga, "now": now}
    actions.record_approval(order=order, approved=[], declined={part.pk: ""}, **said)

    kept = desk.post(f"/orders/{order.number}/lines/{part.pk}/removal/", {"version": 2}, follow=True)
    assert "убрать строку нельзя" in text_of(kept)
    desk.post(f"/orders/{order.number}/lines/{labour.pk}/removal/", {"version": 7})
    assert order.lines.count() == 2
    assert desk.post(f"/orders/{order.number}/lines/{labour.pk}/removal/", {"version": "x"}).status_code == 404
    done(sent(desk, order, f"lines/{labour.pk}/removal/", version=1), order)
    assert list(order.lines.all()) == [part]


def test_the_clients_word_is_recorded_line_by_line(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    labour, part = order.lines.order_by("position")
    words = {f"word_{labour.pk}": "yes", f"word_{part.pk}": "no", f"reason_{part.pk}": "дорого"}
    told = {"who": "Марина", "told_how": "call"}

    refused(sent(desk, order, "approval/", **told, **dict.fromkeys(words, "")), "Отметьте хотя бы одну строку")
    refused(sent(desk, order, "approval/", who="", told_how="call", **words), "who-error")
    done(sent(desk, order, "approval/", **told, **words), order)

    part.refresh_from_db()
    assert (part.state, part.decline_reason, order.total) == ("declined", "дорого", labour.amount)
    again = text_of(desk.get(f"/orders/{order.number}/approval/?lines=all"))
    assert re.search(rf'name="word_{part.pk}" value="no"[^>]*checked', again)


def test_declined_work_is_offered_again_once(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    part = order.lines.get(kind="part")
    said = {"who": "Марина", "told_how": "call", "by": house.olga, "now": now}
    actions.record_approval(order=order, approved=[], declined={part.pk: ""}, **said)
    later = taken_in(house, now, customer=order.customer)

    done(sent(desk, later, "offers/", line=part.pk), later)
    assert later.lines.get().name == part.name
    again = desk.post(f"/orders/{later.number}/offers/", {"line": part.pk}, follow=True)
    assert "уже предложили снова" in text_of(again)
    assert sent(desk, later, "offers/", line="x").status_code == 404


# ── Parts, photos, notes, the password ───────────────────────────────────────────────────────────────────────────────


def test_a_part_is_awaited_put_off_and_comes(bench: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    line = order.lines.get(kind="part")
    shown = text_of(bench.get(f"/orders/{order.number}/parts/new/?line={line.pk}"))
    assert f'value="{line.name}"' in shown

    refused(sent(bench, order, "parts/new/", name="", line=""), "name-error")
    at = {"expected_at": local(now + timedelta(days=2))}
    done(sent(bench, order, "parts/new/", name="Матрица", supplier="Опт", line=line.pk, **at), order)
    part = AwaitedPart.objects.get(order=order)
    assert (part.line, part.supplier) == (line, "Опт")

    done(sent(bench, order, f"parts/{part.pk}/", expected_at=local(now + timedelta(days=4))), order)
    refused(sent(bench, order, f"parts/{part.pk}/", expected_at="когда-нибудь"), "expected_at-error")
    done(sent(bench, order, f"parts/{part.pk}/arrival/"), order)
    part.refresh_from_db()
    assert part.arrived_at is not None
    late = bench.post(f"/orders/{order.number}/parts/{part.pk}/removal/", follow=True)
    assert "уже пришла" in text_of(late)


def upload(name: str = "x.jpg", content: bytes | None = None) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, make.photo() if content is None else content, "image/jpeg")


def test_photos_are_kept_captioned_hidden_and_taken_away(bench: Client, order: RepairOrder) -> None:
    two = {"photos": [upload("a.jpg"), upload("b.jpg")], "caption": "Крышка", "is_for_client": "on"}
    done(sent(bench, order, "photos/", **two), order)
    one, other = Photo.objects.filter(order=order)

    done(sent(bench, order, f"photos/{one.pk}/details/", caption="Внутри"), order)
    one.refresh_from_db()
    assert (one.caption, one.is_for_client) == ("Внутри", False)
    done(sent(bench, order, f"photos/{other.pk}/removal/"), order)
    assert list(Photo.objects.filter(order=order)) == [one]


def test_what_is_no_photo_is_refused_and_none_of_the_others_kept(bench: Client, order: RepairOrder) -> None:
    refused(sent(bench, order, "photos/", caption=""), "photos-error")
    both = {"photos": [upload(), upload("b.jpg", b"<html>")], "caption": ""}

    refused(sent(bench, order, "photos/", **both), "Это не фотография")

    assert not Photo.objects.filter(order=order).exists()


def test_a_picture_is_shown_to_those_who_see_the_order(house: House, bench: Client, order: RepairOrder) -> None:
    photo = actions.add_photo(order=order, upload=make.photo(), name="x.jpg", by=house.olga, now=timezone.now())
    other = taken_in(house, timezone.now())

    for size in ("", "thumb/"):
        url = f"/orders/{order.number}/photos/{photo.pk}/{size}"
        answer = bench.get(url)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        assert browser(house["director.south"]).get(url).status_code == 404
        assert bench.get(f"/orders/{other.number}/photos/{photo.pk}/{size}").status_code == 404


def test_a_note_is_written_once_however_often_it_is_sent(bench: Client, order: RepairOrder) -> None:
    refused(sent(bench, order, "notes/", text=" "), "text-error")

    for _ in range(2):
        done(sent(bench, order, "notes/", text="Звонил", once="key-of-this-form"), order)

    assert [note.text for note in order.notes.all()] == ["Звонил"]


def test_a_password_is_shown_to_the_bench_and_the_journal_knows(
    house: House, desk: Client, bench: Client, order: RepairOrder
) -> None:
    done(sent(desk, order, "password/new/", device_password="гусь-42"), order)

    assert sent(desk, order, "password/").status_code == 403
    assert bench.get(f"/orders/{order.number}/password/").status_code == 405
    shown = sent(bench, order, "password/")
    assert "гусь-42" in text_of(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    assert "гусь-42" not in text_of(bench.get(f"/orders/{order.number}/"))
    assert Event.objects.filter(kind="order.password_seen", by_id=house["technician.north"].pk).count() == 1
    done(sent(desk, order, "password/new/", device_password=""), order)
    assert not DeviceSecret.objects.exists()


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_ready_is_handed_over(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, at="ready", lines=make.price_list)
    shown = text_of(desk.get(f"/orders/{order.number}/pickup/"))
    assert "21 700" in shown
    assert "гарантии" in shown

    told = {"outcome": "repaired", "receiver": "Сын", "method": "fast", "amount": "21700", "receipt_number": "7"}
    done(sent(desk, order, "pickup/", **told), order)

    assert (order.phase, order.outcome, order.receiver) == ("closed", "repaired", "Сын")
    assert money.sums(order.number) == money.Sums(due=2_170_000, paid=2_170_000)
    again = sent(desk, order, "pickup/", outcome="repaired")
    assert again.status_code == 403  # nothing of a closed order can be done


def test_what_is_not_ready_is_given_back_unrepaired_alone(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)

    refused(sent(desk, order, "pickup/", outcome="repaired"), "dv-note bad")
    done(sent(desk, order, "pickup/", outcome="declined", reason="Дорого"), order)

    assert (order.outcome, order.outcome_reason, order.total) == ("declined", "Дорого", 0)


def test_lines_without_a_word_hold_up_the_hand_over(desk: Client, house: House, now: datetime) -> None:
    order = taken_in(house, now, at="ready")
    actions.add_line(order=order, kind="labour", name="Пайка", price=100, by=house.olga, now=now)
    assert "Сначала согласуйте" in text_of(desk.get(f"/orders/{order.number}/pickup/"))

    refused(sent(desk, order, "pickup/", outcome="repaired"), "строки без ответа клиента")


def test_an_order_is_cancelled_with_a_reason(desk: Client, order: RepairOrder) -> None:
    refused(sent(desk, order, "cancellation/", reason=""), "reason-error")
    done(sent(desk, order, "cancellation/", reason="Передумал"), order)

    assert order.outcome == "cancelled"


# ── Doors ────────────────────────────────────────────────────────────────────────────────────────────────────────────


FORMS = (
    "details/", "diagnosis/", "stage/", "hold/", "checklist/", "technician/", "promise/", "told/", "pickup/",
    "cancellation/", "lines/new/", "approval/", "parts/new/", "photos/", "password/new/", "notes/",
)  # fmt: skip


def test_a_form_opens_as_a_page_and_as_a_part_of_the_order(house: House, order: RepairOrder) -> None:
    client = browser(house.olga)
    for form in FORMS:
        url = f"/orders/{order.number}/{form}"

        whole = text_of(client.get(url))
        part = text_of(client.get(url, headers={"HX-Request": "true", "HX-Target": "sheet"}))

        assert "<h1>" in whole, form
        if form != "pickup/":  # a page of its own always
            assert ("<form" in part, "<html" in part, f'hx-post="{url}"' in part) == (True, False, True), form


def test_a_form_sent_by_htmx_tells_it_where_to_go(bench: Client, order: RepairOrder) -> None:
    answer = bench.post(
        f"/orders/{order.number}/notes/", {"text": "Звонил"}, headers={"HX-Request": "true", "HX-Target": "sheet"}
    )

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/orders/{order.number}/")


BUT_NOTES = [form for form in FORMS if form != "notes/"]


def test_nobody_opens_a_form_of_what_he_may_not_do_or_see(house: House, order: RepairOrder) -> None:
    accountant, stranger = browser(house["accountant.north"]), browser(house["director.south"])
    for form in BUT_NOTES:
        url = f"/orders/{order.number}/{form}"

        assert accountant.get(url).status_code == 403, form
        assert (stranger.get(url).status_code, stranger.post(url).status_code) == (404, 404), form


def test_forms_of_a_closed_order_are_shut(house: House, now: datetime) -> None:
    order = taken_in(house, now, at="picked_up")
    client = browser(house.olga)

    assert {client.get(f"/orders/{order.number}/{form}").status_code for form in BUT_NOTES} == {403}


# ── Slips of the keyboard, and worse ─────────────────────────────────────────────────────────────────────────────────


HUGE = "9" * 30
SLIPS: dict[str, dict[str, Any]] = {
    "promise/": {"promised_at": "9999-12-31T23:59", "told_how": "call", "reason": "other"},
    "hold/": {"reason": "client", "until": "0001-01-01T00:00"},
    "parts/new/": {"name": "Матрица", "line": HUGE, "expected_at": "9999-12-31T23:59"},
    "stage/": {"stage": HUGE, "seen": HUGE},
    "details/": {"version": HUGE, "pay_type": "x" * 1000, "estimate": HUGE},
    "lines/new/": {"kind": "part", "name": "x" * 1000, "quantity": HUGE, "price": HUGE, "norm_hours": "-1"},
    "checklist/": {"version": "-1", "ticked": ["\0"]},
    "approval/": {"who": "x" * 1000, "told_how": "x"},
    "technician/": {"technician": HUGE},
    "diagnosis/": {"version": "", "diagnosis": "x" * 20_000},
}


def test_slips_are_told_at_their_fields_and_change_nothing(house: House, now: datetime) -> None:
    order = taken_in(house, now, lines=make.price_list)
    checked(order)
    client, before = browser(house.olga), Event.objects.count()
    for form, data in SLIPS.items():
        answer = client.post(f"/orders/{order.number}/{form}", data)

        assert answer.status_code == 200, form
        assert "-error" in text_of(answer) or "dv-note bad" in text_of(answer), form
    assert Event.objects.count() == before
    for gone in (f"/orders/{HUGE}/", f"/orders/{order.number}/lines/{HUGE}/", f"/orders/{HUGE}/pulse/"):
        assert client.get(gone).status_code == 404, gone


def test_a_date_offered_a_while_ago_is_still_good_but_not_any_text(
    desk: Client, order: RepairOrder, now: datetime
) -> None:
    told = {"told_how": "call", "reason": "other"}
    for bad in ("tomorrow", "2026-13-45T00:00:00+00:00", "2026-11-30T10:00:00", "9999-01-01T00:00:00+00:00"):
        refused(sent(desk, order, "promise/", option=bad, **told), "dv-note bad")

    at = (now + timedelta(days=6)).replace(minute=0, second=0, microsecond=0)
    done(sent(desk, order, "promise/", option=at.isoformat(), **told), order)

    assert order.promised_at == at


def test_more_photos_than_one_can_look_through_are_refused(bench: Client, order: RepairOrder) -> None:
    many = {"photos": [upload(f"{n}.jpg") for n in range(21)], "caption": ""}

    refused(sent(bench, order, "photos/", **many), "не больше 20 фото")


def test_a_button_pressed_twice_moves_the_order_one_stage(bench: Client, order: RepairOrder) -> None:
    on = {"stage": make.stage("diagnosis").pk, "seen": order.stage_id, "once": "key-of-this-form"}

    for _ in range(2):
        done(sent(bench, order, "stage/", **on), order)

    assert order.stage_entries.count() == 2
