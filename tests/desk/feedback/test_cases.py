"""Cases: opened as told, answered, settled; limits of the law; two people never write over each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.feedback import actions, queries
from dovolen.desk.feedback.models import Case, Reply
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> House:
    house = cast.full(now=NOON - timedelta(days=30))
    Centre.objects.update(hours="пн–пт 10–20")
    house.north.refresh_from_db()
    return house


@pytest.fixture
def marina(house: House) -> Customer:
    return make.person(by=house["receptionist.north"], name="Марина Орлова", centre=house.north, now=NOON)


def opened(house: House, customer: Customer, login: str = "receptionist.north", **told: Any) -> Case:
    given: dict[str, Any] = {"text": "Снова не включается", "at": NOON, "now": NOON, "centre": house.north}
    return actions.open_case(customer=customer, by=house[login], **(given | told))


def replied(house: House, case: Case, **told: Any) -> Reply:
    given: dict[str, Any] = {"channel": "call", "text": "Заберём и проверим бесплатно", "now": NOON + HOUR}
    return actions.reply_to_case(case=case, **(given | {"by": house["manager.north"]} | told))


def resolved(house: House, case: Case, **told: Any) -> None:
    given: dict[str, Any] = {
        "seen": case.version, "outcome": "granted", "resolution": "Заменили плату", "by": house["manager.north"],
        "now": NOON + 2 * HOUR,
    }  # fmt: skip
    actions.resolve_case(case=case, **(given | told))


def test_a_complaint_is_kept_as_it_was_told_and_the_journal_holds_no_words_of_it(
    house: House, marina: Customer
) -> None:
    order = make.order(by=house["manager.north"], centre=house.north, customer=marina, at="picked_up", now=NOON)

    case = opened(house, marina, order=order, category="quality", claim="repair", channel="oral")

    kept = Case.objects.get(pk=case.pk)
    assert (kept.text, kept.order, kept.kind, kept.category, kept.claim) == (
        "Снова не включается", order, "complaint", "quality", "repair",
    )  # fmt: skip
    assert (kept.opened_by, kept.opened_at, kept.owner) == (house["receptionist.north"], NOON, None)
    event = journal.timeline(kept).get()
    assert (event.kind, event.facts["customer"], event.facts["order"]) == ("case.opened", marina.pk, order.pk)
    assert "включается" not in str(event.facts)


@pytest.mark.parametrize(
    ("claim", "last_second"),
    [
        ("replacement", "2026-11-27T23:59:59+03:00"),
        ("money", "2026-11-30T23:59:59+03:00"),
        ("repair", "2027-01-04T23:59:59+03:00"),
        ("none", "2026-11-30T23:59:59+03:00"),
    ],
)
def test_the_limit_is_the_end_of_the_last_day_that_the_law_gives(
    house: House, marina: Customer, claim: str, last_second: str
) -> None:
    assert opened(house, marina, claim=claim).limit_at == datetime.fromisoformat(last_second)


def test_the_answer_is_due_within_working_hours_and_the_decision_once_he_was_answered(
    house: House, marina: Customer
) -> None:
    evening = datetime.fromisoformat("2026-11-20T18:00+03:00")
    case = opened(house, marina, at=evening, now=evening)
    assert case.due_at == case.reply_due_at == datetime.fromisoformat("2026-11-23T12:00+03:00")

    replied(house, case, now=evening + HOUR)

    assert Case.objects.get().due_at == case.limit_at


@pytest.mark.parametrize(
    ("login", "told", "refusal"),
    [
        ("receptionist.north", {"text": "  "}, actions.NothingTold),
        ("receptionist.north", {"at": NOON + HOUR}, actions.NotYet),
        ("technician.north", {}, NotAllowed),
        ("marketer.north", {}, NotAllowed),
        ("receptionist.south", {}, NotAllowed),
    ],
)
def test_a_complaint_is_refused_without_words_ahead_of_time_and_without_the_right(
    house: House, marina: Customer, login: str, told: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        opened(house, marina, login, **told)

    assert not Case.objects.exists()


def test_a_complaint_is_not_about_another_clients_order(house: House, marina: Customer) -> None:
    other = make.order(by=house["manager.north"], centre=house.north)

    with pytest.raises(actions.NoSuchOrder):
        opened(house, marina, order=other)


def test_the_first_answer_stops_the_clock_makes_an_owner_and_later_ones_are_kept_beside_it(
    house: House, marina: Customer
) -> None:
    case = opened(house, marina)

    replied(house, case)
    replied(house, case, text="Привезли на проверку", by=house.olga, now=NOON + 3 * HOUR)

    kept = Case.objects.get()
    assert (kept.first_reply_at, kept.owner) == (NOON + HOUR, house["manager.north"])
    assert [reply.text for reply in kept.replies.all()] == ["Заберём и проверим бесплатно", "Привезли на проверку"]
    first, second = journal.timeline(kept).filter(kind="case.replied").order_by("pk")
    assert (first.facts["is_late"], second.facts["is_late"]) == (False, False)


def test_a_late_first_answer_is_told_as_late(house: House, marina: Customer) -> None:
    case = opened(house, marina)

    replied(house, case, now=NOON + timedelta(hours=5))

    assert journal.timeline(case).get(kind="case.replied").facts["is_late"] is True


def test_a_decision_closes_the_case_and_is_an_answer_where_there_was_none(house: House, marina: Customer) -> None:
    case = opened(house, marina)

    resolved(house, case)

    kept = Case.objects.get()
    assert (kept.outcome, kept.resolution, kept.resolved_by) == ("granted", "Заменили плату", house["manager.north"])
    assert kept.first_reply_at == kept.resolved_at == NOON + 2 * HOUR
    assert kept.owner == house["manager.north"]
    assert journal.timeline(kept).first().facts == {"customer": marina.pk, "outcome": "granted", "is_late": False}  # type: ignore[union-attr]


def test_what_was_settled_stays(house: House, marina: Customer) -> None:
    case = opened(house, marina)
    page_of_another = Case.objects.get()
    resolved(house, case)

    with pytest.raises(actions.ResolvedAlready) as second:
        resolved(house, page_of_another, outcome="refused", resolution="Отказать", by=house.olga)
    with pytest.raises(actions.ResolvedAlready):
        replied(house, page_of_another)
    with pytest.raises(actions.ResolvedAlready):
        actions.take_case(case=page_of_another, by=house.olga, now=NOON)

    assert house["manager.north"].name in str(second.value)
    assert (Case.objects.get().outcome, Reply.objects.count()) == ("granted", 0)


def test_who_decides_from_a_page_older_than_a_colleagues_answer_writes_nothing(house: House, marina: Customer) -> None:
    case = opened(house, marina)
    page_of_another = Case.objects.get()
    replied(house, case)

    with pytest.raises(Stale) as stale:
        resolved(house, page_of_another, by=house.olga)

    assert Case.objects.get().resolved_at is None
    resolved(house, page_of_another, seen=stale.value.version, by=house.olga)
    assert Case.objects.get().resolved_by == house.olga
    assert Case.objects.get().owner == house["manager.north"]


def test_of_two_who_take_a_case_one_gets_it(house: House, marina: Customer) -> None:
    case = opened(house, marina)
    page_of_another = Case.objects.get()

    actions.take_case(case=case, by=house["manager.north"], now=NOON)

    with pytest.raises(actions.TakenAlready, match=house["manager.north"].name):
        actions.take_case(case=page_of_another, by=house.olga, now=NOON)
    assert Case.objects.get().owner == house["manager.north"]


@pytest.mark.parametrize("login", ["receptionist.north", "marketer.north", "manager.south"])
def test_only_who_settles_cases_of_the_centre_answers_and_decides(house: House, marina: Customer, login: str) -> None:
    case = opened(house, marina)

    with pytest.raises(NotAllowed):
        replied(house, case, by=house[login])
    with pytest.raises(NotAllowed):
        resolved(house, case, by=house[login])
    with pytest.raises(NotAllowed):
        actions.take_case(case=case, by=house[login], now=NOON)


def test_an_answer_and_a_decision_say_something(house: House, marina: Customer) -> None:
    case = opened(house, marina)

    with pytest.raises(actions.NothingAnswered):
        replied(house, case, text=" ")
    with pytest.raises(actions.NothingAnswered):
        resolved(house, case, resolution=" ")


def test_the_base_holds_no_half_of_a_decision(house: House, marina: Customer) -> None:
    opened(house, marina)

    for values in ({"resolved_at": NOON}, {"outcome": "granted"}, {"kind": "grudge"}, {"claim": "revenge"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.update(**values)


def test_cases_of_another_centre_are_not_seen(house: House, marina: Customer) -> None:
    case = opened(house, marina)

    assert list(queries.case_of(house["manager.north"])) == [case]
    assert not queries.case_of(house["manager.south"])
    assert not queries.cases_page(house["manager.south"], queries.CaseFilter()).rows
    assert not queries.near_limit(house["technician.north"], NOON)


def test_the_list_begins_with_the_nearest_limit_and_pages_without_loss(house: House, marina: Customer) -> None:
    cases = [opened(house, marina, at=NOON - timedelta(hours=n), claim=c) for n, c in enumerate(("none", "money") * 4)]
    for case in cases[:2]:
        replied(house, case)
    manager = house["manager.north"]
    wanted = [case.pk for case in Case.objects.order_by("due_at", "pk")]

    first = queries.cases_page(manager, queries.CaseFilter(), size=3)
    second = queries.cases_page(manager, queries.CaseFilter(), first.later, size=3)
    third = queries.cases_page(manager, queries.CaseFilter(), second.later, size=3)

    assert [case.pk for page in (first, second, third) for case in page.rows] == wanted
    assert wanted[-2:] == sorted(case.pk for case in cases[:2])
    assert (first.n, third.later, first.earlier) == (8, "", "")
    back = queries.cases_page(manager, queries.CaseFilter(), third.earlier, size=3)
    assert [case.pk for case in back.rows] == wanted[3:6]


def test_the_list_is_of_one_kind_one_matter_or_ones_own(house: House, marina: Customer) -> None:
    manager = house["manager.north"]
    idea = opened(house, marina, kind="idea", category="price")
    mine = opened(house, marina, category="rudeness")
    actions.take_case(case=mine, by=manager, now=NOON)
    done = opened(house, marina)
    resolved(house, done)

    def found(**asked: Any) -> list[Case]:
        return queries.cases_page(manager, queries.CaseFilter(**asked)).rows

    assert found(kind="idea") == [idea]
    assert found(category="rudeness") == found(mine=True) == [mine]
    assert found(view="resolved") == [done]


def test_cases_go_with_a_client_who_is_joined_to_another_and_come_back(house: House, marina: Customer) -> None:
    other = make.person(by=house["receptionist.north"], name="Марина О.", centre=house.north, now=NOON)
    case = opened(house, other)

    done = people.merge(kept=marina, absorbed=other, chosen={}, by=house["manager.north"], now=NOON)
    assert Case.objects.get().customer == marina

    people.undo_merge(merge=done, by=house["manager.north"], now=NOON)
    assert Case.objects.get(pk=case.pk).customer == other
