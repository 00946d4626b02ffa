"""Contacts: noted with what was said, reported to the client the same day, confirmed by him; one list of all of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.messaging import actions, queries
from dovolen.desk.messaging.models import Contact, Incoming, Message
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from tests.desk import cast, make_messaging
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"channel": "call", "text": "Спросил, когда готово", "at": NOON}


@pytest.fixture
def house() -> House:
    house = cast.full()
    Centre.objects.update(hours="пн–пт 10–20")
    make_messaging.house()
    return house


@pytest.fixture
def marina(house: House) -> Customer:
    return make_messaging.client(by=house["receptionist.north"], phone="+79972000001", email="marina@example.org")


def noted(house: House, customer: Customer, login: str = "receptionist.north", **told: Any) -> Contact:
    given: dict[str, Any] = {**SAID, "now": NOON, "by": house[login], "centre": Centre.objects.get(name="Север")} | told
    return actions.add_contact(customer=customer, **given)


def reported(house: House, contact: Contact, **told: Any) -> Contact:
    given: dict[str, Any] = {
        "seen": contact.version, "agreed": "Привезёт второй ноутбук", "agreed_who": "Марина",
        "agreed_until": date(2026, 11, 27), "channel": "sms", "by": house["receptionist.north"], "now": NOON,
    } | told  # fmt: skip
    return actions.report_contact(contact=contact, **given)


def test_a_call_is_kept_with_what_was_said_and_about_which_order(house: House, marina: Customer) -> None:
    contact = noted(house, marina, direction="in", minutes=4, purpose="status", order_number=17)

    kept = Contact.objects.get(pk=contact.pk)
    assert (kept.channel, kept.direction, kept.minutes, kept.purpose, kept.order_number) == (
        "call",
        "in",
        4,
        "status",
        17,
    )
    assert kept.report_due_at is None
    event = journal.timeline(kept).get()
    assert event.kind == "contact.added"
    assert "Спросил" not in str(event.facts)


def test_a_meeting_asks_for_its_report_until_that_working_day_ends(house: House, marina: Customer) -> None:
    contact = noted(house, marina, channel="meeting")

    assert contact.report_due_at == datetime.fromisoformat("2026-11-20T20:00+03:00")
    assert list(queries.reports_due(house["receptionist.north"])) == [contact]


def test_a_meeting_after_hours_asks_for_its_report_on_the_next_working_day(house: House, marina: Customer) -> None:
    late = NOON + timedelta(hours=9)

    assert noted(house, marina, channel="meeting", at=late, now=late).report_due_at == datetime.fromisoformat(
        "2026-11-23T20:00+03:00"
    )


@pytest.mark.parametrize(
    ("told", "refusal"),
    [({"text": "  "}, actions.NothingSaid), ({"at": NOON + timedelta(hours=1)}, actions.NotYet)],
    ids=["nothing was said", "it lies ahead"],
)
def test_what_was_not_said_is_not_noted(
    house: House, marina: Customer, told: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        noted(house, marina, **told)

    assert not Contact.objects.exists()


@pytest.mark.parametrize("login", ["technician.north", "accountant.north", "receptionist.south"])
def test_only_who_sees_the_client_notes_what_he_said(house: House, marina: Customer, login: str) -> None:
    with pytest.raises(NotAllowed):
        noted(house, marina, login)


def test_the_report_goes_to_the_client_with_what_who_and_by_when(house: House, marina: Customer) -> None:
    contact = reported(house, noted(house, marina, channel="meeting"))

    sent = Message.objects.get()
    assert contact.report == sent
    assert (sent.customer, sent.channel, sent.address, sent.purpose) == (marina, "sms", "+79972000001", "service")
    for part in ("Привезёт второй ноутбук", "Марина", "27", "Север"):
        assert part in sent.text
    assert not queries.reports_due(house["receptionist.north"]).exists()
    assert journal.timeline(contact).filter(kind="contact.reported").get().facts["is_late"] is False


def test_a_report_on_paper_is_kept_and_nothing_is_sent(house: House, marina: Customer) -> None:
    contact = reported(house, noted(house, marina, channel="meeting"), channel="none")

    assert contact.reported_at == NOON
    assert contact.report is None
    assert not Message.objects.exists()


def test_a_late_report_is_told_to_be_late(house: House, marina: Customer) -> None:
    contact = reported(house, noted(house, marina, channel="meeting"), now=NOON + timedelta(days=1))

    assert journal.timeline(contact).filter(kind="contact.reported").get().facts["is_late"] is True


def test_a_report_says_what_was_agreed_once_and_on_what_its_writer_saw(house: House, marina: Customer) -> None:
    contact = noted(house, marina, channel="meeting")

    with pytest.raises(actions.NothingAgreed):
        reported(house, contact, agreed=" ")
    with pytest.raises(Stale):
        reported(house, contact, seen=contact.version + 1)
    reported(house, contact)
    with pytest.raises(actions.ReportedAlready):
        reported(house, Contact.objects.get(pk=contact.pk))
    assert Message.objects.count() == 1


def test_his_word_on_a_report_is_kept_once(house: House, marina: Customer) -> None:
    told = {"by": house["receptionist.north"], "now": NOON}
    contact = noted(house, marina, channel="meeting")
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(contact=contact, **told)
    reported(house, contact)

    assert queries.unconfirmed(marina) == contact
    actions.confirm(contact=contact, **told)

    assert Contact.objects.get(pk=contact.pk).confirmed_at == NOON
    assert queries.unconfirmed(marina) is None
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm(contact=contact, **told)


# ── One list of all that was said ────────────────────────────────────────────────────────────────────────────────────


def answered(customer: Customer, n: int = 1, **told: Any) -> Incoming:
    from dovolen.desk.messaging.models import Gateway

    given = {
        "gateway": Gateway.objects.order_by("pk").first(), "gateway_ref": f"in-{n}", "channel": "sms", "text": "Иду",
        "address": "+79972000001", "at": NOON, "customer": customer, "centre": Centre.objects.get(name="Север"),
    } | told  # fmt: skip
    return Incoming.objects.create(**given)


def test_messages_answers_and_contacts_are_one_list_by_one_query(
    house: House, marina: Customer, django_assert_num_queries: Any
) -> None:
    make_messaging.queued(marina, by=house["manager.north"], now=NOON - timedelta(hours=3))
    answered(marina, at=NOON - timedelta(hours=2), order_number=24817)
    noted(house, marina, at=NOON - timedelta(hours=1), order_number=24817, minutes=5)
    noted(house, marina, channel="meeting")
    manager = cast.fresh(house["manager.north"])
    assert manager.may("see messages")

    with django_assert_num_queries(1):
        talk = queries.talk(manager, marina)

    assert [(one.kind, one.state) for one in talk.said] == [
        ("contact", "due"), ("contact", ""), ("answer", "open"), ("message", "queued"),
    ]  # fmt: skip
    assert [one.kind for one in queries.talk(manager, marina, 24817).said] == ["contact", "answer", "message"]
    assert talk.earlier == ""


def test_pages_of_a_talk_lose_and_repeat_nothing(house: House, marina: Customer) -> None:
    """Also where many things were said at one moment."""
    manager = cast.fresh(house["manager.north"])
    for n in range(6):
        at = NOON - timedelta(minutes=n // 3)
        noted(house, marina, at=at)
        answered(marina, n, at=at)
        make_messaging.queued(marina, by=manager, now=at)
    whole = [(one.kind, one.key) for one in queries.talk(manager, marina, n=100).said]

    pages, cursor = [], ""
    while True:
        page = queries.talk(manager, marina, before=cursor, n=4)
        pages += [(one.kind, one.key) for one in page.said]
        cursor = page.earlier
        if not cursor:
            break

    assert len(whole) == 18
    assert pages == whole


def test_a_spoilt_cursor_is_the_beginning(house: House, marina: Customer) -> None:
    noted(house, marina)

    for cursor in ("x", "2026-11-20_contact_1", "a_b_c", "2026-11-20T09:00:00Z_contact_x"):
        assert len(queries.talk(cast.fresh(house["manager.north"]), marina, before=cursor).said) == 1


def test_what_was_said_is_seen_where_one_sees_clients_and_messages(house: House, marina: Customer) -> None:
    noted(house, marina)
    answered(marina)
    make_messaging.queued(marina, by=house["manager.north"])

    def seen(login: str) -> list[str]:
        return [one.kind for one in queries.talk(cast.fresh(house[login]), marina).said]

    assert sorted(seen("receptionist.north")) == ["answer", "contact", "message"]
    assert sorted(seen("marketer.north")) == ["answer", "contact", "message"]
    for login in ("technician.north", "accountant.north", "manager.south"):
        assert seen(login) == []


def test_who_may_see_nothing_said_asks_nothing(house: House, marina: Customer, django_assert_num_queries: Any) -> None:
    technician = cast.fresh(house["technician.north"])
    assert not technician.may("see messages")

    with django_assert_num_queries(0):
        assert queries.said(technician, Q(customer=marina)) == []


def test_all_that_was_said_goes_with_a_client_who_is_joined_to_another(house: House, marina: Customer) -> None:
    reception, manager = house["receptionist.north"], cast.fresh(house["manager.north"])
    double = make_messaging.client(by=reception, phone="+79972000002")
    noted(house, double)
    answered(double)
    make_messaging.queued(double, by=manager)

    merge = people.merge(kept=marina, absorbed=double, chosen={}, by=manager, now=NOON)

    assert len(queries.talk(manager, marina).said) == 3
    assert queries.talk(manager, double).said == []
    people.undo_merge(merge=merge, by=manager, now=NOON)
    assert queries.talk(manager, marina).said == []
    assert len(queries.talk(manager, double).said) == 3
