"""Health, status, failures; and what people see while the base is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from dovolen.desk import urls as desk_urls
from dovolen.desk.core import claims, installation, journal
from dovolen.desk.core.access import PUBLIC, SIGNED_IN, may, public
from dovolen.desk.core.models import Beat, Counter, Event, Mark, Pending, Timer
from dovolen.desk.core.reacting import react
from tests.desk.conftest import NOON


class Person:
    """Somebody signed in who holds these rights."""

    is_authenticated, pk = True, 1

    def __init__(self, *rights: str) -> None:
        self._rights = rights

    def may(self, right: str) -> bool:
        return right in self._rights


def asked(view: Callable[..., Any], *, by: object = None, method: str = "get", **headers: str) -> HttpResponse:
    request = getattr(RequestFactory(), method)("/page/", headers=headers)
    request.user = by or type("Nobody", (), {"is_authenticated": False})()
    response: HttpResponse = view(request)
    return response


@may("hand over")
def a_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@may(SIGNED_IN)
def a_page_for_all_staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def test_a_rule_lets_in_who_holds_the_right_and_nobody_else() -> None:
    assert asked(a_page, by=Person("hand over")).content == b"in"
    assert asked(a_page_for_all_staff, by=Person()).content == b"in"
    with pytest.raises(PermissionDenied, match="hand over"):
        asked(a_page, by=Person("repair"))
    assert asked(a_page)["Location"] == f"{settings.LOGIN_URL}?next=/page/"
    assert asked(a_page, **{"HX-Request": "true"})["HX-Redirect"].startswith(settings.LOGIN_URL)


def test_a_view_tells_its_rule() -> None:
    assert a_page.access == "hand over"  # type: ignore[attr-defined]
    assert public(lambda request: HttpResponse()).access == PUBLIC  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_health_is_one_word(client: Client) -> None:
    answer = client.get("/health/")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_state_of_the_house_tells_queues_workers_and_marks() -> None:
    with transaction.atomic():
        for _ in range(3):
            journal.record("order.ready", subject=Counter(pk=1), by=None, at=NOON)
    Pending.objects.filter(event=Event.objects.first()).update(parked_at=NOON, tries=5, cause="why")
    Beat.objects.create(worker="alive", started_at=NOON, seen_at=NOON)
    Beat.objects.create(worker="gone", started_at=NOON, seen_at=NOON.replace(hour=1))
    Mark.objects.create(name="backup", at=NOON, facts={"size": 1})

    state = installation.state(NOON)

    assert (state.n_waiting, state.n_parked, state.n_unsealed) == (2, 1, 3)
    assert [beat.worker for beat in state.workers] == ["alive"]
    assert state.backup is not None
    assert state.disk_free > 0
    assert set(state.versions) >= {"Dovolen", "Python", "Django"}


# ── While the base is away ───────────────────────────────────────────────────────────────────────────────────────────


def fail_with(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return public(view)


class Failing:
    """Addresses behind each of which something breaks."""

    handler500 = desk_urls.handler500
    urlpatterns: ClassVar = [
        *desk_urls.urlpatterns,
        path("away/", fail_with(OperationalError("server closed the connection"))),
        path("full/", fail_with(OperationalError("database or disk is full"))),
        path("behind/", fail_with(OperationalError("no such table: people"))),
        path("broken/", fail_with(RuntimeError("a mistake of ours"))),
    ]


@pytest.fixture
def failing(settings: Any) -> Client:
    settings.ROOT_URLCONF = Failing
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("page", "code", "said"),
    [
        ("away", 503, "База не отвечает"),
        ("full", 503, "Записать сейчас нельзя"),
        ("behind", 503, "dovolen upgrade"),
        ("broken", 500, "случилась ошибка"),
    ],
)
def test_what_broke_is_told_in_words(failing: Client, page: str, code: int, said: str) -> None:
    answer = failing.get(f"/{page}/")

    assert answer.status_code == code
    assert said in answer.content.decode().replace("\u00a0", " ")
    assert "mistake of ours" not in answer.content.decode()
    assert ("Retry-After" in answer) == (code == 503)
    assert ("Refresh" in answer) == (code == 503)


def test_a_form_that_was_sent_is_not_sent_again_by_itself(failing: Client) -> None:
    answer = failing.post("/away/", headers={"Accept-Language": "en"})

    assert "Refresh" not in answer
    assert "What you sent just now was not saved" in answer.content.decode()


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def park() -> Pending:
    with transaction.atomic():
        event = journal.record("order.ready", subject=Counter(pk=1), by=None, at=NOON)
    Pending.objects.filter(event=event).update(parked_at=NOON, tries=5, cause="RuntimeError: no <such> gateway")
    return Pending.objects.get(event=event)


@pytest.mark.django_db
def test_a_failure_is_tried_again_by_a_button(client: Client, director: Any) -> None:
    parked = park()
    Timer.objects.create(name="core.backup", rule="", done_until=NOON, next_at=NOON, tries=6, cause="OSError: no room")
    client.force_login(director)

    page = client.get("/status/failures/").content.decode()
    assert "no &lt;such&gt; gateway" in page
    assert "OSError: no room" in page
    client.post(f"/status/failures/events/{parked.pk}/tries/")
    client.post(f"/status/failures/timers/{Timer.objects.get().pk}/tries/")

    assert react({"order.ready": [lambda event, now: None]}, clock=lambda: NOON) >= 1
    assert not Pending.objects.filter(kind="order.ready").exists()
    assert Timer.objects.get().free_at == claims.AT_ONCE
    assert Event.objects.filter(kind="failure.retried").count() == 2


@pytest.mark.django_db
def test_what_did_not_fail_is_not_tried_again(client: Client, director: Any) -> None:
    client.force_login(director)

    page = client.post("/status/failures/events/77/tries/", follow=True)

    assert "Повторять нечего" in page.content.decode().replace("\u00a0", " ")
    assert not Event.objects.filter(kind="failure.retried").exists()


@pytest.mark.django_db
def test_the_status_page_shows_the_state_and_its_part_to_htmx(client: Client, director: Any) -> None:
    client.force_login(director)

    page = client.get("/status/").content.decode()
    part = client.get("/status/", headers={"HX-Request": "true", "HX-Target": "state"}).content.decode()

    assert "Django" in page
    assert part.strip() in page
    assert "<html" in page
    assert "<html" not in part


def test_the_status_page_tells_of_order_sums_and_gateways(client: Client, director: Any) -> None:
    client.force_login(director)
    before = client.get("/status/").content.decode().replace("\u00a0", " ")

    Mark.objects.create(name="orders.totals", at=timezone.now(), facts={"n_wrong": 2, "numbers": [17, 24817]})
    Mark.objects.create(name="gateway.sms", at=timezone.now(), facts={"is_well": False, "name": "SMS: шлюз молчит"})
    after = client.get("/status/").content.decode().replace("\u00a0", " ")

    assert "не подключены" in before
    assert "17, 24817" in after
    assert "2 заказа не сходятся" in after
    assert '<span class="bad b">SMS: шлюз молчит</span>' in after
