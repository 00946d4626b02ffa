"""The inbox: an answer is taken by one, tied to a client, met in its own channel, done with a result."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.messaging import actions, queries
from dovolen.desk.messaging.models import Gateway, Incoming, Message
from dovolen.desk.messaging.queries.inbox import met
from dovolen.desk.people.models import Customer
from tests.desk import cast, make_messaging
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
NUMBER = "+79972000001"


@pytest.fixture
def house() -> House:
    house = cast.full()
    Centre.objects.update(hours="пн–пт 10–20")
    make_messaging.house()
    return house


@pytest.fixture
def marina(house: House) -> Customer:
    return make_messaging.client(by=house["receptionist.north"], phone=NUMBER, email="marina@example.org")


def heard(customer: Customer | None = None, **told: Any) -> Incoming:
    """An answer; of a known client at the north."""
    channel = told.get("channel", "sms")
    given = {
        "gateway": Gateway.objects.get(channel=channel), "gateway_ref": f"in-{Incoming.objects.count()}",
        "channel": channel, "text": "Когда забрать?", "address": NUMBER, "at": NOON, "customer": customer,
        "centre": Centre.objects.get(name="Север") if customer else None,
    } | told  # fmt: skip
    return Incoming.objects.create(**given)


def by(house: House, login: str = "receptionist.north", now: datetime = NOON) -> dict[str, Any]:
    return {"by": cast.fresh(house[login]), "now": now}


def test_of_two_who_reach_for_an_answer_one_gets_it(house: House, marina: Customer) -> None:
    one, same = heard(marina), Incoming.objects.get()

    actions.take_incoming(incoming=one, **by(house))
    with pytest.raises(actions.Taken, match=r"Некто receptionist\.north"):
        actions.take_incoming(incoming=same, **by(house, "manager.north"))

    assert Incoming.objects.get().assignee == house["receptionist.north"]


def test_an_answer_is_handed_to_a_colleague_who_sees_messages_there_and_put_back(
    house: House, marina: Customer
) -> None:
    one = heard(marina)

    actions.give_incoming(incoming=one, to=house["manager.north"], **by(house))
    assert Incoming.objects.get().assignee == house["manager.north"]
    for login in ("technician.north", "manager.south"):
        with pytest.raises(actions.NotHere):
            actions.give_incoming(incoming=one, to=house[login], **by(house))
    actions.give_incoming(incoming=one, to=None, **by(house))
    assert Incoming.objects.get().assignee is None


def test_an_answer_is_met_in_its_own_channel_and_belongs_to_who_met_it(house: House, marina: Customer) -> None:
    one = heard(marina, order_number=17)

    message = actions.answer(incoming=one, text="Завтра с десяти", **by(house))

    assert (message.channel, message.address, message.text, message.order_number) == (
        "sms",
        NUMBER,
        "Завтра с десяти",
        17,
    )
    assert Incoming.objects.get().assignee == house["receptionist.north"]
    assert Incoming.objects.get().done_at is None
    by_mail = heard(marina, channel="email", address="marina@example.org")
    letter = actions.answer(incoming=by_mail, text="Завтра", subject="Re: заказ", **by(house))
    assert (letter.channel, letter.subject) == ("email", "Re: заказ")


def test_an_answer_goes_to_the_number_it_came_from_while_that_is_his(house: House, marina: Customer) -> None:
    from dovolen.desk.people import actions as people

    second = people.add_phone(customer=marina, number="+79972000002", **by(house))
    one = heard(marina, address=second.number)

    assert actions.answer(incoming=one, text="Да", **by(house)).address == second.number
    people.remove_phone(phone=second, **by(house))
    assert actions.answer(incoming=one, text="Да", **by(house)).address == NUMBER


def test_nobody_is_answered_before_it_is_known_who_wrote(house: House) -> None:
    with pytest.raises(actions.NobodysAnswer):
        actions.answer(incoming=heard(), text="Кто вы?", **by(house))

    assert not Message.objects.exists()


def test_done_says_how_it_ended_and_once(house: House, marina: Customer) -> None:
    one, same = heard(marina), Incoming.objects.get()
    with pytest.raises(actions.NoResult):
        actions.finish_incoming(incoming=one, result=" ", **by(house))

    actions.finish_incoming(incoming=one, result="придёт завтра", **by(house))

    kept = Incoming.objects.get()
    assert (kept.result, kept.done_by, kept.done_at) == ("придёт завтра", house["receptionist.north"], NOON)
    with pytest.raises(actions.DoneAlready):
        actions.finish_incoming(incoming=same, result="ещё раз", **by(house))
    with pytest.raises(actions.DoneAlready):
        actions.take_incoming(incoming=same, **by(house))
    with pytest.raises(actions.DoneAlready):
        actions.give_incoming(incoming=same, to=None, **by(house))
    assert "завтра" not in str([event.facts for event in journal.timeline(one)])


def test_what_was_done_too_soon_waits_again(house: House, marina: Customer) -> None:
    one = heard(marina)
    with pytest.raises(actions.NotDone):
        actions.reopen_incoming(incoming=one, **by(house))
    actions.finish_incoming(incoming=one, result="ответили", **by(house))

    actions.reopen_incoming(incoming=one, **by(house))

    assert (Incoming.objects.get().done_at, Incoming.objects.get().done_by) == (None, None)


def test_an_unknown_number_becomes_one_of_a_clients(house: House) -> None:
    client = make_messaging.client(by=house["receptionist.north"], phone="+79972000009")
    one = heard()

    actions.tie_incoming(incoming=one, customer=client, seen=one.version, order_number=5, **by(house))

    kept = Incoming.objects.get()
    assert (kept.customer, kept.centre.name, kept.order_number) == (client, "Север", 5)  # type: ignore[union-attr]
    assert set(client.phones.values_list("number", flat=True)) == {NUMBER, "+79972000009"}


def test_an_answer_of_somebody_elses_phone_leaves_the_clients_numbers_alone(house: House) -> None:
    client = make_messaging.client(by=house["receptionist.north"], phone="+79972000009")
    one = heard()

    actions.tie_incoming(
        incoming=one, customer=client, seen=one.version, keeps_address=False, **by(house, "marketer.north")
    )

    assert Incoming.objects.get().customer == client
    assert client.phones.count() == 1


def test_who_wrote_is_said_by_who_sees_both_and_saw_the_latest(house: House, marina: Customer) -> None:
    one = heard()
    tie = {"incoming": one, "customer": marina, "keeps_address": False}

    with pytest.raises(NotAllowed):
        actions.tie_incoming(**tie, seen=one.version, **by(house, "receptionist.south"))
    with pytest.raises(Stale):
        actions.tie_incoming(**tie, seen=one.version + 1, **by(house))
    assert Incoming.objects.get().customer is None


@pytest.mark.parametrize("login", ["technician.north", "accountant.north", "manager.south"])
def test_answers_are_for_who_sees_messages_of_the_centre(house: House, marina: Customer, login: str) -> None:
    one = heard(marina)

    for act in (
        lambda: actions.take_incoming(incoming=one, **by(house, login)),
        lambda: actions.answer(incoming=one, text="Да", **by(house, login)),
        lambda: actions.finish_incoming(incoming=one, result="да", **by(house, login)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_answer_of_nobodys_centre_is_for_nobody_without_the_right(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.take_incoming(incoming=heard(), **by(house, "technician.north"))


def test_an_answer_from_a_number_of_two_joined_cards_is_of_the_one_that_is_left(house: House, marina: Customer) -> None:
    from dovolen.desk.messaging.actions.reports import hear_answer
    from dovolen.desk.people import actions as people

    double = make_messaging.client(by=house["receptionist.north"], phone=NUMBER, now=NOON)
    Customer.objects.filter(pk=double.pk).update(latest_order_at=NOON)
    people.merge(kept=marina, absorbed=double, chosen={}, **by(house, "manager.north"))

    one = hear_answer(gateway=Gateway.objects.get(channel="sms"), ref="x", address=NUMBER, text="Да", now=NOON)

    assert one.customer == marina


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_of_nobody_come_first_the_longest_waiting_before_others(house: House, marina: Customer) -> None:
    late, taken, fresh = (heard(marina, at=NOON - timedelta(minutes=n)) for n in (90, 60, 5))
    actions.take_incoming(incoming=taken, **by(house))
    done = heard(marina)
    actions.finish_incoming(incoming=done, result="ответили", **by(house))
    reception = cast.fresh(house["receptionist.north"])

    def listed(view: str) -> list[int]:
        return [row.incoming.pk for row in queries.inbox(reception, view, NOON).rows]

    assert listed("open") == [late.pk, fresh.pk, taken.pk]
    assert listed("mine") == [taken.pk]
    assert listed("all") == [done.pk, fresh.pk, taken.pk, late.pk]


@pytest.mark.parametrize("view", ["open", "all"])
def test_pages_of_the_inbox_lose_and_repeat_nothing(house: House, marina: Customer, view: str) -> None:
    for n in range(8):
        one = heard(marina, at=NOON - timedelta(minutes=n // 3))
        if n % 2:
            actions.take_incoming(incoming=one, **by(house))
    reception, found, cursor = cast.fresh(house["receptionist.north"]), [], ""

    for _ in range(3):
        page = queries.inbox(reception, view, NOON, cursor, n=3)
        found += [row.incoming.pk for row in page.rows]
        cursor = page.later

    assert cursor == ""
    assert len(found) == len(set(found)) == 8


def test_waiting_is_counted_in_working_time_until_somebody_writes_back(house: House, marina: Customer) -> None:
    evening = datetime.fromisoformat("2026-11-20T19:50+03:00")
    one = heard(marina, at=evening)
    manager = cast.fresh(house["manager.north"])

    def row(now: datetime) -> Any:
        return queries.inbox(manager, "all", now).rows[0]

    monday = datetime.fromisoformat("2026-11-23T10:05+03:00")
    assert (row(monday).minutes, row(monday).is_late, row(monday).waits) == (15, False, True)
    assert row(monday + timedelta(minutes=20)).is_late

    actions.answer(incoming=one, text="Да", **by(house, "manager.north", monday))
    assert (row(monday + timedelta(days=1)).minutes, row(monday + timedelta(days=1)).waits) == (15, False)


def test_the_usual_time_is_told_of_five_and_more() -> None:
    assert met([10, 20, 30, 40]) is None
    told = met([10, 20, 30, 40, 90])
    assert told is not None
    assert (told.n, told.usual, told.in_time, told.share) == (5, 30, 3, 0.6)
