"""R7: a form sent twice, at once or days apart, is done once and answered alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from dovolen.desk import urls as desk_urls
from dovolen.desk.core import journal, once, upkeep
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Answered, Counter, Event
from dovolen.desk.core.numbers import next_number
from tests.desk.conftest import NOON, TIMES

ROUNDS, AT_ONCE = 500 * TIMES, 2
KEY = {"once": "a-key-of-one-form"}
hold: list[Callable[[], object]] = []
read: list[bytes] = []


@transaction.atomic
def happen() -> int:
    number = next_number("order", Counter(pk=1), 2026)
    journal.record("order.accepted", subject=Counter(pk=number), by=None, at=NOON)
    return number


@may(SIGNED_IN)
@once.once
def intake(request: HttpRequest) -> HttpResponse:
    number = happen()
    for wait in hold:
        wait()
    read.extend(file.read() for file in request.FILES.values())
    match request.POST.get("does"):
        case "come back":
            with transaction.atomic():
                transaction.set_rollback(True)
            return HttpResponse("<form>")
        case "refuse":
            raise Refusal
        case "fail":
            return HttpResponse(status=422)
        case "fragment":
            return HttpResponse(status=204, headers={"HX-Redirect": f"/orders/{number}/"})
    return redirect(f"/orders/{number}/")


class Urls:
    urlpatterns: ClassVar = [path("once-intake/", intake, name="once_intake"), *desk_urls.urlpatterns]
    handler403 = desk_urls.handler403


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=Urls):
        yield
    hold.clear()
    read.clear()


@pytest.fixture
def client(director: Any) -> Client:
    client = Client()
    client.force_login(director)
    return client


def sent(client: Client, key: str = "a-key-of-one-form", **values: object) -> Any:
    return client.post("/once-intake/", {"once": key, **values})


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_does_nothing(client: Client) -> None:
    first, second = sent(client, fault="screen"), sent(client, fault="screen")

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/orders/1/")
    assert Event.objects.filter(kind="order.accepted").count() == 1
    assert Answered.objects.get().route == "once_intake"


@pytest.mark.django_db
def test_a_fragment_is_sent_to_the_same_place_again(client: Client) -> None:
    answers = [sent(client, does="fragment") for _ in range(2)]

    assert [(answer.status_code, answer["HX-Redirect"]) for answer in answers] == [(204, "/orders/1/")] * 2


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused(client: Client) -> None:
    sent(client, fault="screen")

    assert sent(client, fault="battery").status_code == 409
    assert Event.objects.filter(kind="order.accepted").count() == 1


@pytest.mark.django_db
def test_another_file_is_another_body_and_the_view_reads_it_whole(client: Client) -> None:
    def upload(content: bytes) -> Any:
        return sent(client, photo=SimpleUploadedFile("a.jpg", content))

    assert [upload(content).status_code for content in (b"one", b"one", b"two")] == [302, 302, 409]
    assert read == [b"one"]


@pytest.mark.django_db
def test_a_key_belongs_to_one_person_and_is_nothing_to_another(client: Client) -> None:
    from dovolen.desk.accounts.models import Centre, Membership, Staff

    sent(client)
    other = Staff.objects.create(login="other", name="Другой")
    Membership.objects.create(staff=other, centre=Centre.objects.get(), role="manager")
    somebody_else = Client()
    somebody_else.force_login(other)

    assert sent(somebody_else)["Location"] == "/orders/2/"


@pytest.mark.django_db
def test_a_form_that_came_back_may_be_sent_again_corrected(client: Client) -> None:
    assert sent(client, does="come back").status_code == 200
    assert not Answered.objects.exists()

    assert sent(client, fault="screen").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("does", "status"), [("refuse", 409), ("fail", 422)])
def test_what_was_refused_leaves_nothing_and_may_be_sent_again(client: Client, does: str, status: int) -> None:
    assert sent(client, does=does).status_code == status
    assert not Answered.objects.exists()
    assert not Event.objects.filter(kind="order.accepted").exists()

    assert sent(client)["Location"] == "/orders/1/"


@pytest.mark.django_db
def test_a_program_gives_the_key_in_a_header(client: Client) -> None:
    header = {"Idempotency-Key": "order-4711-from-the-site"}
    answers = [client.post("/once-intake/", b'{"a": 1}', "application/json", headers=header) for _ in range(2)]
    changed = client.post("/once-intake/", b'{"a": 2}', "application/json", headers=header)

    assert [answer["Location"] for answer in answers] == ["/orders/1/"] * 2
    assert changed.status_code == 409


@pytest.mark.django_db
def test_a_form_without_a_key_is_done_each_time_and_a_strange_key_is_no_key(client: Client) -> None:
    assert [client.post("/once-intake/")["Location"] for _ in range(2)] == ["/orders/1/", "/orders/2/"]
    assert sent(client, key="x").status_code == sent(client, key="a key\nof lines").status_code == 400


@pytest.mark.django_db
def test_the_field_carries_a_new_key_at_each_showing() -> None:
    template = engines["django"].from_string("{% once %}")
    shown = {template.render() for _ in range(3)}

    assert len(shown) == 3
    assert all('name="once"' in field and 'autocomplete="off"' in field for field in shown)


@pytest.mark.django_db
def test_keys_are_known_for_three_days(client: Client) -> None:
    sent(client)
    at = Answered.objects.get().at

    upkeep.sweep(now=at + timedelta(hours=71))
    assert Answered.objects.exists()
    upkeep.sweep(now=at + timedelta(hours=73))
    assert not Answered.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_repeat_while_the_first_still_runs_waits_for_its_answer(
    director: Any, in_threads: Callable[..., list[Any]]
) -> None:
    clients = [Client() for _ in range(2)]
    for client in clients:
        client.force_login(director)
    begun, second_asks = threading.Event(), threading.Event()
    hold.append(lambda: (begun.set(), second_asks.wait(5)))

    def second() -> Any:
        begun.wait(5)
        threading.Timer(0.1, second_asks.set).start()
        return sent(clients[1])

    answers = in_threads(lambda: sent(clients[0]), second)

    assert [answer["Location"] for answer in answers] == ["/orders/1/"] * 2
    assert Event.objects.filter(kind="order.accepted").count() == 1


@pytest.mark.endures
@pytest.mark.django_db(transaction=True)
def test_forms_sent_several_times_at_once_are_done_once_each(
    director: Any, in_threads: Callable[..., list[Any]]
) -> None:
    def repeat() -> list[str]:
        return [straight(director, f"form-number-{number}")["Location"] for number in range(ROUNDS)]

    told = in_threads(*[repeat] * AT_ONCE)

    effects = Event.objects.filter(kind="order.accepted").count()
    unlike = sum(answers != told[0] for answers in told)
    print(f"R7: {ROUNDS} forms, {AT_ONCE} times each at once: {effects} effects, {unlike} answered otherwise")
    assert (effects, unlike) == (ROUNDS, 0)
    assert len(set(told[0])) == ROUNDS


def straight(staff: Any, key: str) -> HttpResponse:
    """The answer to a form, past everything that stands before the view."""
    request = RequestFactory().post("/once-intake/", {"once": key})
    request.user = staff
    request.resolver_match = None
    response: HttpResponse = intake(request)
    return response
