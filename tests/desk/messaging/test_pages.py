"""Pages of messages and notices: who sees what, what is asked of the base, what a form does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.once import new_key
from dovolen.desk.messaging import actions, texts
from dovolen.desk.messaging.models import EMAIL, SMS, Message, Notice, NoticeText
from dovolen.desk.people.models import Customer
from tests.desk import cast
from tests.desk import make_messaging as make

pytestmark = pytest.mark.django_db


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(director: Any) -> Client:
    make.house()
    return signed_in(director)


def client_of(director: Any, **told: Any) -> Customer:
    return make.client(by=director, now=timezone.now(), **told)


def queued(director: Any, customer: Customer, **told: Any) -> Message:
    message: Message = make.queued(customer, by=director, now=timezone.now(), **told)
    return message


def test_the_journal_asks_the_same_of_the_base_however_long_it_is(desk: Client, director: Any) -> None:
    counts = []
    for n in (1, 6):
        for _ in range(n):
            queued(director, client_of(director))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/messages/").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 8


def test_the_journal_is_narrowed_and_turned(desk: Client, director: Any) -> None:
    customer = client_of(director, name="Иван Смирнов")
    message = queued(director, customer, order_number=51)
    told = {"customer": customer, "centre": director.centre, "purpose": "service", "channel": "sms", "address": "x"}
    now = {"state_at": timezone.now(), "queued_at": timezone.now()}
    Message.objects.bulk_create(Message(text="x", order_number=n, **told, **now) for n in range(51))
    Message.objects.filter(pk=message.pk).update(state="failed", reason="gateway_refused")

    first = desk.get("/messages/")
    narrowed = desk.get("/messages/?fate=trouble&channel=sms&order=51").text.replace("\u00a0", " ")

    assert first.text.count("<tr>") == 51
    assert f"cursor={first.context['rows'][-1]['message'].pk}" in first.text
    assert desk.get(f"/messages/?cursor={first.context['rows'][-1]['message'].pk}").text.count("<tr>") == 3
    assert (narrowed.count("<tr>"), "шлюз не принял" in narrowed) == (2, True)
    assert "Таких сообщений нет" in desk.get("/messages/?order=999").text
    assert desk.get("/messages/?fate=nonsense&channel=x&order=x&cursor=x").status_code == 200


def test_messages_of_another_centre_are_not_seen() -> None:
    house = cast.full()
    make.house()
    customer = make.client(by=house.olga, centre=house.north)
    message = make.queued(customer, by=house.olga, centre=house.north)
    stranger = signed_in(house["manager.south"])

    assert stranger.get(f"/messages/{message.pk}/").status_code == 404
    assert stranger.post(f"/messages/{message.pk}/cancellation/").status_code == 404
    assert stranger.get(f"/customers/{customer.pk}/messages/").status_code == 404
    assert customer.name not in stranger.get("/messages/").text


def test_a_message_tells_what_became_of_it_and_what_was_tried(desk: Client, director: Any) -> None:
    last = queued(director, client_of(director, agreed=()))

    text = desk.get(f"/messages/{last.pk}/").text

    assert "У клиента нет мобильного номера или почты" in text.replace("\u00a0", " ")
    assert "нет согласия" in text.replace("\u00a0", " ")


def test_of_an_unclear_message_somebody_says_what_became_of_it_once(desk: Client, director: Any) -> None:
    message = queued(director, client_of(director))
    Message.objects.filter(pk=message.pk).update(state="unclear", reason="interrupted")

    desk.post(f"/messages/{message.pk}/proof/")
    late = desk.post(f"/messages/{message.pk}/repeat/", follow=True)

    message.refresh_from_db()
    assert (message.state, message.reason) == ("sent", "by_hand")
    assert "Судьба этого сообщения уже известна" in late.text


def test_an_unclear_message_goes_again_when_somebody_says_so(desk: Client, director: Any) -> None:
    message = queued(director, client_of(director))
    Message.objects.filter(pk=message.pk).update(state="unclear", reason="interrupted", tries=3)

    desk.post(f"/messages/{message.pk}/repeat/")

    message.refresh_from_db()
    assert (message.state, message.reason, message.tries) == ("queued", "", 0)


def test_what_waits_can_be_taken_back(desk: Client, director: Any) -> None:
    message = queued(director, client_of(director))

    desk.post(f"/messages/{message.pk}/cancellation/")
    late = desk.post(f"/messages/{message.pk}/cancellation/", follow=True)

    message.refresh_from_db()
    assert message.state == "cancelled"
    assert "уже ушло или отменено" in late.text.replace("\u00a0", " ")


def test_a_message_by_hand_is_looked_at_then_queued_once(desk: Client, director: Any) -> None:
    customer = client_of(director, name="Карпова Марина Олеговна")
    page = f"/customers/{customer.pk}/messages/"
    told = {
        "channel": "sms",
        "purpose": "service",
        "text": "{greeting}!",
        "centre": director.centre.pk,
        "once": new_key(),
    }

    looked = desk.post(page, {**told, "look": "1"})
    assert "Уважаемая Марина Олеговна!" in looked.text.replace("\u00a0", " ")
    assert not Message.objects.exists()

    answers = {desk.post(page, told).headers["Location"] for _ in range(2)}
    message = Message.objects.get()
    assert answers == {f"/messages/{message.pk}/"}
    assert (message.text, message.by, message.notice) == ("Уважаемая Марина Олеговна!", director, "")


@pytest.mark.parametrize(
    ("told", "said"),
    [({"text": "{debt}"}, "Текст не отправить в таком виде"), ({"text": " "}, "id_text-error"),
     ({"channel": "call"}, "id_channel-error")],
)  # fmt: skip
def test_a_message_that_cannot_be_sent_keeps_what_was_typed(
    desk: Client, director: Any, told: dict[str, str], said: str
) -> None:
    customer = client_of(director)
    typed = {"channel": "sms", "purpose": "service", "text": "Добрый день", "centre": director.centre.pk, **told}

    answer = desk.post(f"/customers/{customer.pk}/messages/", typed)

    assert said in answer.text.replace("\u00a0", " ")
    assert not Message.objects.exists()


def test_advertising_without_consent_is_kept_as_refused(desk: Client, director: Any) -> None:
    customer = client_of(director)
    told = {"channel": "sms", "purpose": "advertising", "text": "Скидка!", "centre": director.centre.pk}

    answer = desk.post(f"/customers/{customer.pk}/messages/", told, follow=True)

    assert Message.objects.get().reason == "no_consent"
    assert "Сообщение не отправлено" in answer.text.replace("\u00a0", " ")


def test_a_notice_is_switched_off_and_set_up(desk: Client) -> None:
    desk.post("/settings/notices/order.accepted/state/", {"on": "0"})
    assert not Notice.objects.get(code="order.accepted").is_on

    told = {"version": 1, "is_on": "on", "cascade": "email sms", "after_hours": 48}
    desk.post("/settings/notices/order.not_picked_up.1/", told)
    notice = Notice.objects.get(code="order.not_picked_up.1")
    assert (notice.channels, notice.after_hours, notice.version) == ([EMAIL, SMS], 48, 2)

    late = desk.post("/settings/notices/order.not_picked_up.1/", told | {"cascade": "sms"})
    assert "почта, затем SMS" in late.text.replace("\u00a0", " ")


def test_a_text_is_written_said_and_reset(desk: Client, director: Any) -> None:
    page = "/settings/notices/order.ready/texts/sms/ru/"
    assert desk.post(page, {"body": "Готов № {order}!", "seen": 0}).status_code == 302
    assert queued(director, client_of(director)).text == "Готов № 24817!"

    late = desk.post(page, {"body": "Иначе", "seen": 0})
    assert "этот текст изменили" in late.text.replace("\u00a0", " ")
    assert desk.post(page, {"body": "Снова {order}", "seen": 1}).status_code == 302
    assert NoticeText.objects.get().version == 2

    desk.post("/settings/notices/order.ready/standard/", {"channel": "sms", "language": "ru"})
    assert not NoticeText.objects.exists()


def test_a_service_text_that_advertises_is_kept_and_marked(desk: Client) -> None:
    desk.post("/settings/notices/order.ready/texts/sms/ru/", {"body": "Готов. Скидка 10 %!", "seen": 0})

    assert "похоже на рекламу" in desk.get("/settings/notices/order.ready/").text.replace("\u00a0", " ")
    assert "похоже на рекламу" not in desk.get("/settings/notices/order.accepted/").text.replace("\u00a0", " ")


@pytest.mark.parametrize("body", ["{part}", "{nonsense}", "Готов {order"])
def test_a_text_with_a_fault_is_not_kept(desk: Client, body: str) -> None:
    answer = desk.post("/settings/notices/order.ready/texts/sms/ru/", {"body": body, "seen": 0})

    assert answer.status_code == 200
    assert not NoticeText.objects.exists()


def test_before_any_order_a_text_is_shown_with_made_up_values(desk: Client) -> None:
    text = desk.get("/settings/notices/order.ready/texts/email/ru/").text.replace("\u00a0", " ")

    assert "Заказов пока нет" in text
    assert "Уважаемая Марина Олеговна!" in text


def test_a_text_that_is_not_written_leads_back(desk: Client) -> None:
    for wrong in ("call/ru", "sms/de", "fax/ru"):
        assert (
            desk.get(f"/settings/notices/order.ready/texts/{wrong}/").headers["Location"]
            == "/settings/notices/order.ready/"
        )


def test_the_last_written_channel_is_not_taken_away(director: Any) -> None:
    make.house()
    notice = Notice.objects.get(code="order.ready")

    with pytest.raises(actions.NoChannel):
        actions.set_up_notice(notice=notice, seen=1, channels=["call"], by=director, now=timezone.now())


def test_every_placeholder_has_its_words_and_a_sample() -> None:
    from dovolen.desk.core.words import in_language

    for name in texts.PLACEHOLDERS:
        assert f"messaging.placeholder.{name}" in in_language("ru")
        assert f"notices.sample.{name}" in in_language("ru")


def test_what_waits_for_the_morning_says_so(desk: Client, director: Any) -> None:
    message = queued(director, client_of(director))
    Message.objects.filter(pk=message.pk).update(state="queued", not_before=timezone.now() + timedelta(hours=5))

    assert "тихие часы" in desk.get(f"/messages/{message.pk}/").text.replace("\u00a0", " ")
