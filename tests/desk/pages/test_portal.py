"""The client's own page: what he sees in each state, what he may answer; as many queries whatever the order holds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import Approval, Line, OrderNote, RepairOrder
from dovolen.desk.tasks.models import Task
from tests.desk import make

pytestmark = pytest.mark.django_db
CLEAN = {"kind": "labour", "name": "Чистка", "price": 290_050, "warranty_days": 30}
QUERIES = 12
"""Limit of guesses, key with its order, papers, lines, parts, events, steps, stages, account, payments, photos, mark."""


@pytest.fixture
def now() -> Any:
    return timezone.now()


def brought(director: Any, **about: Any) -> RepairOrder:
    """An order of these days."""
    return make.order(by=director, **{"promised_at": about["now"] + timedelta(days=2)} | about)


def page_of(order: RepairOrder, now: Any, query: str = "") -> str:
    answer = Client().get(address(order, now) + query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def address(order: RepairOrder, now: Any) -> str:
    return f"/c/{actions.link_of(order, now=now)}/"


def answers(order: RepairOrder, now: Any, **words: str) -> dict[str, str]:
    """What his form sends: the estimate as it is shown, and a word on each line."""
    seen = re.search(r'name="seen" value="(\w+)"', page_of(order, now))
    assert seen
    told = {f"line-{line.pk}": words.get(line.name, "yes") for line in order.lines.all()}
    return {"seen": seen[1], "once": f"answer-{order.pk}-{seen[1][:8]}", **told}


@pytest.mark.parametrize(
    ("at", "headline"),
    [
        ("accepted", "Приняли, скоро начнём"), ("diagnosis", "Выясняем, что случилось"),
        ("approval", "Нужен ваш ответ по смете"), ("parts", "Ждём деталь"), ("repair", "Ремонтируем"),
        ("check", "Проверяем после ремонта"), ("ready", "Готово, можно забирать"), ("told", "Готово, можно забирать"),
        ("picked_up", "Отремонтировали и выдали"),
    ],
)  # fmt: skip
def test_the_state_is_said_first_and_in_plain_words(director: Any, now: Any, at: str, headline: str) -> None:
    order = brought(director, lines=make.price_list, at=at, now=now)

    assert f"<h1>{headline}</h1>" in page_of(order, now)


def test_it_speaks_english_by_a_link_and_keeps_to_it(director: Any, now: Any) -> None:
    order = brought(director, lines=[CLEAN], at="approval", now=now)

    page = page_of(order, now, "?lang=en")

    assert '<html lang="en"' in page
    assert "Your answer to the estimate is needed" in page
    assert page.count("?lang=en") >= 3, "forms and links keep the language"
    russian = Client(headers={"accept-language": "en"}).get(address(order, now)).content.decode()
    assert '<html lang="ru"' in russian


def test_a_promise_that_moved_is_told_with_the_one_before_and_why(director: Any, now: Any) -> None:
    order = brought(director, at="parts", now=now)
    actions.promise(order=order, promised_at=now + timedelta(days=4), reason="part_late", by=director, now=now)

    page = page_of(order, now)

    assert "Обещали раньше" in page
    assert "Поставщик задержал деталь, извините." in page


def test_a_date_that_was_missed_is_owned_to(director: Any, now: Any) -> None:
    before = now - timedelta(days=3)
    order = brought(director, at="repair", now=before, promised_at=now - timedelta(hours=3))

    assert "Не успели к сроку" in page_of(order, now)


def test_times_are_those_of_the_centre(director: Any, now: Any) -> None:
    Centre.objects.filter(pk=director.centre.pk).update(zone="Asia/Vladivostok")
    promised = (now + timedelta(days=3)).replace(hour=2, minute=30)
    order = brought(director, at="repair", now=now, promised_at=promised)

    assert "12:30" in page_of(order, now)


def test_his_word_on_each_line_is_signed_and_the_desk_is_told(director: Any, now: Any) -> None:
    order = brought(director, lines=[*make.price_list, CLEAN], at="approval", now=now)

    answer = Client().post(
        f"{address(order, now)}estimate/", answers(order, now, Чистка="no") | {"comment": "Потом"}
    )  # fmt: skip

    assert (answer.status_code, answer.headers["Location"]) == (302, "../#estimate")
    signed = Approval.objects.get(order=order)
    assert (signed.told_how, signed.terms, signed.by, signed.note) == ("link", "1", None, "Потом")
    assert signed.link == order.links.get()
    assert signed.amount == 2_170_000
    states = dict(Line.objects.filter(order=order).values_list("name", "state"))
    assert states == {"Замена матрицы": "approved", "Матрица NE160QDM": "approved", "Чистка": "declined"}
    facts = make.facts(order, "order.approved")
    assert (facts["told_how"], facts["by"], len(facts["signed"])) == ("link", None, 32)


def test_all_may_be_agreed_to_at_once(director: Any, now: Any) -> None:
    order = brought(director, lines=[*make.price_list, CLEAN], at="approval", now=now)
    told = {name: value for name, value in answers(order, now).items() if not name.startswith("line-")}

    Client().post(f"{address(order, now)}estimate/", told | {"all": "yes"})

    assert set(order.lines.values_list("state", flat=True)) == {"approved"}


def test_a_form_sent_twice_signs_once(director: Any, now: Any) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    told = answers(order, now)

    first, second = (Client().post(f"{address(order, now)}estimate/", told) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert Approval.objects.filter(order=order).count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"price": 2_000_000}, {"name": "Другая матрица"}, {"quantity": 2}, {"warranty_days": 1}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_changed_after_he_looked_is_not_signed_but_shown(director: Any, now: Any, changes: dict[str, Any]) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    told = answers(order, now)
    line = Line.objects.get(order=order, kind="part")
    actions.change_line(line=line, seen=line.version, by=director, now=now, **changes)

    answer = Client().post(f"{address(order, now)}estimate/", told)

    assert answer.status_code == 409
    assert "Смета изменилась, пока вы её читали" in answer.content.decode().replace("\u00a0", " ")
    assert not Approval.objects.filter(order=order).exists()


def test_a_line_that_came_or_went_meanwhile_changes_the_estimate(director: Any, now: Any) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    told = answers(order, now)
    actions.add_line(order=order, by=director, now=now, **CLEAN)

    assert Client().post(f"{address(order, now)}estimate/", told).status_code == 409

    told = answers(order, now)
    gone = Line.objects.get(order=order, name="Чистка")
    actions.remove_line(line=gone, seen=gone.version, by=director, now=now)
    assert Client().post(f"{address(order, now)}estimate/", told).status_code == 409


def test_what_staff_wrote_down_meanwhile_is_not_answered_again(director: Any, now: Any) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    told = answers(order, now)
    make.approve(order, by=director, now=now)

    assert Client().post(f"{address(order, now)}estimate/", told).status_code == 409
    assert Approval.objects.filter(order=order).count() == 1


def test_a_line_without_an_answer_is_asked_for_and_what_was_chosen_stays(director: Any, now: Any) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    part = Line.objects.get(order=order, kind="part")
    told = answers(order, now) | {f"line-{part.pk}": ""}

    answer = Client().post(f"{address(order, now)}estimate/", told)

    assert answer.status_code == 409
    assert "Ответьте по каждой строке" in answer.content.decode().replace("\u00a0", " ")
    assert answer.content.decode().count(" checked") == 1


@pytest.mark.parametrize("place", ["estimate", "question"])
def test_a_refused_form_that_is_opened_again_leads_back_to_the_page(director: Any, now: Any, place: str) -> None:
    page = address(brought(director, now=now), now)

    answer = Client().get(f"{page}{place}/?lang=en", follow=True)

    assert answer.redirect_chain[0][1] == 302
    assert answer.request["PATH_INFO"] == page
    assert '<html lang="en"' in answer.content.decode()


def test_after_the_pickup_nothing_is_asked_and_the_warranty_stays(director: Any, now: Any) -> None:
    labour = {**CLEAN, "warranty_days": 20}
    order = brought(director, lines=[labour], at="picked_up", now=now)

    page = page_of(order, now)

    assert 'id="warranty"' in page
    assert "20 дней" in page
    assert "Подтвердить ответ" not in page
    assert Client().post(f"{address(order, now)}estimate/", {"seen": "x"}).status_code == 409


def test_who_works_here_looks_but_signs_and_asks_nothing_for_him(client: Any, director: Any, now: Any) -> None:
    order = brought(director, lines=make.price_list, at="approval", now=now)
    client.force_login(director)
    told = {"seen": queries.estimate_mark(order, order.lines.all()), "all": "yes"}

    shown = client.get(address(order, now))

    assert "Вы вошли как сотрудник" in shown.content.decode().replace("\u00a0", " ")
    assert "Подтвердить" not in shown.content.decode()
    assert client.post(f"{address(order, now)}estimate/", told).status_code == 403
    assert client.post(f"{address(order, now)}question/", {"question": "Когда?"}).status_code == 403
    assert not Approval.objects.filter(order=order).exists()
    assert not OrderNote.objects.filter(order=order).exists()
    assert order.links.get().opened_at is None


def test_the_desk_learns_when_he_first_came_and_no_more(director: Any, now: Any) -> None:
    order = brought(director, now=now)
    page = address(order, now)
    Client().head(page)
    assert order.links.get().opened_at is None

    Client().get(page)
    Client().get(page)

    assert order.links.get().opened_at is not None
    assert make.events(order).count("order.link_opened") == 1


def test_a_question_is_a_call_for_the_reception_and_stays_on_his_page(director: Any, now: Any) -> None:
    order = brought(director, now=now)
    told = {"question": "Можно забрать\nв субботу?", "once": "question-1"}

    first, second = (Client().post(f"{address(order, now)}question/", told) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    task = Task.objects.get(kind="call")
    assert (task.role, task.order_number, task.customer, task.made_by) == (
        "receptionist", order.number, order.customer, None,
    )  # fmt: skip
    assert task.note == "Можно забрать\nв субботу?"
    assert "Можно забрать" in page_of(order, now)


def test_an_empty_question_is_refused_in_a_sentence(director: Any, now: Any) -> None:
    order = brought(director, now=now)

    answer = Client().post(f"{address(order, now)}question/", {"question": " ", "once": "question-2"})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert not Task.objects.filter(kind="call").exists()


def test_of_questions_there_are_five_an_hour(director: Any, now: Any) -> None:
    order = brought(director, now=now)

    codes = [
        Client().post(f"{address(order, now)}question/", {"question": "Ну что?", "once": f"question-{n}"}).status_code
        for n in range(7)
    ]  # fmt: skip

    assert codes == [302] * 5 + [409] * 2
    assert Task.objects.filter(kind="call").count() == 5


def test_the_page_asks_as_much_of_the_base_whatever_the_order_holds(
    director: Any, now: Any, django_assert_num_queries: Any
) -> None:
    small = brought(director, lines=make.price_list, at="approval", now=now)
    large = brought(director, lines=[CLEAN] * 12, at="approval", now=now)
    for n in range(6):
        actions.add_photo(order=large, upload=make.photo(), name="a.jpg", by=director, now=now)
        actions.await_part(order=large, name=f"Деталь {n}", by=director, now=now)
        actions.promise(order=large, promised_at=now + timedelta(days=3 + n), by=director, now=now)
    for order in (small, large):
        Client().get(address(order, now))

    for order in (small, large):
        page = address(order, now)
        with django_assert_num_queries(QUERIES):
            Client().get(page)


def test_a_pulse_is_two_queries_and_says_whether_anything_happened(
    director: Any, now: Any, django_assert_num_queries: Any
) -> None:
    order = brought(director, now=now)
    page = address(order, now)
    Client().get(page)
    mark = Client().get(f"{page}pulse/").headers["ETag"]

    with django_assert_num_queries(3):
        same = Client().get(f"{page}pulse/", headers={"if-none-match": mark})
    actions.add_note(order=order, text="Внутри", by=director, now=now)
    fresh = Client().get(f"{page}pulse/", headers={"if-none-match": mark})

    assert (same.status_code, fresh.status_code) == (304, 204)
    assert f'data-etag="{fresh.headers["ETag"][1:-1]}"' in page_of(order, now)


def test_a_part_of_the_page_is_given_to_its_script(director: Any, now: Any) -> None:
    order = brought(director, now=now)

    part = Client().get(address(order, now), headers={"hx-request": "true", "hx-target": "portal"}).content.decode()

    assert "<html" not in part
    assert "<h1>" in part
