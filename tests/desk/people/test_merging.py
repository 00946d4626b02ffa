"""Two records of one client become one and are parted again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.forms.models import model_to_dict

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.assets.models import Asset, Category, Ownership
from dovolen.desk.core import search
from dovolen.desk.core.models import Event
from dovolen.desk.people import actions, pointing
from dovolen.desk.people.models import Customer, Merge, Requisites
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make_people
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
LATEST = NOON + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def manager(house: House) -> Any:
    return house["manager.north"]


@pytest.fixture
def pair(manager: Any) -> tuple[Customer, Customer]:
    """Marina twice: the first with a phone, the second with more of everything and one phone the same."""
    kept = make_people.person(by=manager, phone="+79972000001")
    absorbed = make_people.person(
        by=manager, name="Карпова М. О.", phone="+79972000002", email="m@x.ru", birthday=date(1990, 5, 1),
        source="2gis", now=NOON - timedelta(days=9),
    )  # fmt: skip
    actions.add_phone(customer=absorbed, number="+79972000001", by=manager, now=NOON)
    return kept, absorbed


def merged(pair: tuple[Customer, Customer], by: Any, **chosen: str) -> Merge:
    return actions.merge(kept=pair[0], absorbed=pair[1], chosen=chosen, by=by, now=LATER)


def picture(customer: Customer) -> dict[str, Any]:
    """The record with all that points at it, its version aside."""
    row = model_to_dict(Customer.objects.get(pk=customer.pk), exclude=["version"])
    rows: dict[str, Any] = {}
    for column in pointing.columns():
        found = column.model._default_manager.filter(**{column.name: customer.pk}).order_by("pk").values()
        rows[pointing.named(column)] = list(found)
    return row | rows


def furnished(customer: Customer, by: Any) -> None:
    """Something of every kind that points at a client."""
    category = Category.objects.create(code=f"laptop-{customer.pk}", name="Ноутбук")
    asset = Asset.objects.create(category=category, owner=customer, model="ROG", created_at=NOON)
    Ownership.objects.create(asset=asset, customer=customer, since=NOON)
    Task.objects.create(centre=by.centre, title="Позвонить", customer=customer, made_at=NOON)
    actions.add_note(customer=customer, text="Заметка", by=by, now=NOON)
    actions.record_consent(customer=customer, purpose="service", is_given=True, proof="paper", by=by, now=NOON)
    actions.note_order(customer=customer, centre=by.centre, at=NOON)


def test_every_table_that_points_at_a_client_is_known_or_stays_for_a_reason() -> None:
    found = {pointing.named(column) for column in pointing.columns()}
    by_hand = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Customer
    }

    assert by_hand - found == {".".join(one) for one in pointing.STAYS}
    assert {"orders.repairorder.customer", "assets.asset.owner", "tasks.task.customer"} <= found


def test_the_kept_one_takes_all_and_the_other_is_seen_no_more(manager: Any, pair: tuple[Customer, Customer]) -> None:
    kept, absorbed = pair
    for one in pair:
        furnished(one, manager)

    merged(pair, manager)

    kept.refresh_from_db()
    assert (kept.n_orders, kept.source, kept.birthday) == (2, "2gis", date(1990, 5, 1))
    assert kept.created_at == absorbed.created_at
    assert (kept.assets.count(), kept.tasks.count(), kept.notes.count(), kept.consents.count()) == (2, 2, 2, 2)
    assert [(phone.number, phone.is_main) for phone in kept.phones.all()] == [
        ("+79972000001", True), ("+79972000002", False),
    ]  # fmt: skip
    assert [email.address for email in kept.emails.filter(is_main=True)] == ["m@x.ru"]
    assert list(Customer.objects.visible_to(manager)) == [kept]
    assert search.find("200-00-02", "customer", Customer.objects.visible_to(manager)) == [kept.pk]
    assert [event.kind for event in Event.objects.order_by("-pk")[:2]] == ["customer.absorbed", "customer.merged"]


def test_what_was_chosen_wins_field_by_field(manager: Any, pair: tuple[Customer, Customer]) -> None:
    merged(pair, manager, name="absorbed", source="kept", birthday="absorbed")

    kept = Customer.objects.get(pk=pair[0].pk)
    assert (kept.name, kept.name_key, kept.source) == ("Карпова М. О.", "карпова м. о.", "")
    assert kept.birthday == date(1990, 5, 1)


def test_a_merge_taken_back_leaves_no_trace(manager: Any, pair: tuple[Customer, Customer]) -> None:
    for one in pair:
        furnished(one, manager)
    before = [picture(one) for one in pair]
    done = merged(pair, manager, name="absorbed")

    actions.undo_merge(merge=done, by=manager, now=LATEST)

    assert [picture(one) for one in pair] == before
    done.refresh_from_db()
    assert (done.undone_at, done.undone_by) == (LATEST, manager)
    found = search.find("карпова", "customer", Customer.objects.visible_to(manager))
    assert sorted(found) == sorted(one.pk for one in pair)


def test_what_came_after_the_merge_stays(house: House, manager: Any, pair: tuple[Customer, Customer]) -> None:
    kept, absorbed = pair
    done = merged(pair, manager)
    kept.refresh_from_db()
    actions.change_customer(customer=kept, seen=kept.version, source="звонок", by=manager, now=LATER)
    actions.add_note(customer=kept, text="После", by=manager, now=LATER)
    actions.note_order(customer=kept, centre=house.north, at=LATER)

    actions.undo_merge(merge=done, by=manager, now=LATEST)

    kept, absorbed = (Customer.objects.get(pk=one.pk) for one in pair)
    assert (kept.source, kept.birthday, kept.n_orders, kept.latest_order_at) == ("звонок", None, 1, LATER)
    assert kept.notes.count() == 1
    assert (absorbed.source, absorbed.n_orders, absorbed.notes.count()) == ("2gis", 0, 0)


def test_where_the_kept_one_was_served_after_the_merge_he_stays_known(house: House) -> None:
    olga = house.olga
    kept = make_people.person(by=olga, centre=house.north)
    absorbed = make_people.person(by=olga, centre=house.south)
    done = actions.merge(kept=kept, absorbed=absorbed, chosen={}, by=olga, now=LATER)
    actions.note_order(customer=kept, centre=house.south, at=LATER)

    actions.undo_merge(merge=done, by=olga, now=LATEST)

    assert {place.centre_id for place in kept.places.all()} == {house.north.pk, house.south.pk}
    assert {place.centre_id for place in absorbed.places.all()} == {house.south.pk}


def test_a_device_sold_after_the_merge_is_not_taken_from_its_new_owner(
    manager: Any, pair: tuple[Customer, Customer]
) -> None:
    furnished(pair[1], manager)
    done = merged(pair, manager)
    buyer = make_people.person(by=manager, name="Покупатель")
    Asset.objects.update(owner=buyer)

    actions.undo_merge(merge=done, by=manager, now=LATEST)

    assert Asset.objects.get().owner == buyer


def test_a_block_goes_over_with_its_reason_and_back(manager: Any, pair: tuple[Customer, Customer]) -> None:
    kept, absorbed = pair
    actions.block(customer=absorbed, reason="Не платит", by=manager, now=NOON)

    done = merged(pair, manager)
    kept.refresh_from_db()
    assert (kept.blocked_at, kept.blocked_reason) == (NOON, "Не платит")

    actions.unblock(customer=kept, by=manager, now=LATER)
    actions.block(customer=kept, reason="Не платит", by=manager, now=LATER)
    actions.undo_merge(merge=done, by=manager, now=LATEST)
    kept.refresh_from_db()
    assert (kept.blocked_at, kept.blocked_by) == (LATER, manager)


@pytest.mark.parametrize("side", ["kept", "absorbed"])
def test_of_two_requisites_the_chosen_ones_hold_and_come_back(manager: Any, side: str) -> None:
    kept, absorbed = make_people.company(by=manager), make_people.company(by=manager, name="ООО Линия")
    Requisites.objects.filter(customer=absorbed).update(head_name="Петров")
    before = [picture(one) for one in (kept, absorbed)]

    done = merged((kept, absorbed), manager, requisites=side)
    assert Requisites.objects.get(customer=kept).head_name == ("Петров" if side == "absorbed" else "")

    actions.undo_merge(merge=done, by=manager, now=LATEST)
    assert [picture(one) for one in (kept, absorbed)] == before


def test_ties_between_the_two_do_not_become_ties_to_oneself(manager: Any, pair: tuple[Customer, Customer]) -> None:
    kept, absorbed = pair
    other = make_people.person(by=manager, name="Карпов Олег", referred_by=absorbed)
    for one in (kept, other):
        actions.relate(customer=absorbed, other=one, kind="family", by=manager, now=NOON)
    Customer.objects.filter(pk=kept.pk).update(referred_by=absorbed)

    merged(pair, manager)

    kept.refresh_from_db()
    other.refresh_from_db()
    assert kept.referred_by is None
    assert other.referred_by == kept
    assert [tie.other for tie in kept.relations.all()] == [other]


def test_an_order_is_not_counted_for_a_record_that_was_joined_away(
    house: House, manager: Any, pair: tuple[Customer, Customer]
) -> None:
    merged(pair, manager)

    with pytest.raises(actions.MergedAway):
        actions.note_order(customer=pair[1], centre=house.north, at=LATEST)


def test_a_merge_is_refused_to_those_who_may_not_see_or_join_both(
    house: House, manager: Any, pair: tuple[Customer, Customer]
) -> None:
    foreign = make_people.person(by=house["manager.south"])

    with pytest.raises(NotAllowed):
        merged(pair, house["receptionist.north"])
    with pytest.raises(NotAllowed):
        merged((pair[0], foreign), manager)
    with pytest.raises(actions.Oneself):
        merged((pair[0], pair[0]), manager)
    assert not Merge.objects.exists()


def test_a_merge_is_taken_back_once_and_the_later_one_first(manager: Any, pair: tuple[Customer, Customer]) -> None:
    third = make_people.person(by=manager, name="Карпова")
    first = merged(pair, manager)
    second = merged((pair[0], third), manager)

    with pytest.raises(actions.LaterMerge):
        actions.undo_merge(merge=first, by=manager, now=LATEST)
    actions.undo_merge(merge=second, by=manager, now=LATEST)
    with pytest.raises(actions.AlreadyUndone):
        actions.undo_merge(merge=second, by=manager, now=LATEST)
    actions.undo_merge(merge=first, by=manager, now=LATEST)

    assert Customer.objects.visible_to(manager).count() == 3


def test_a_record_joined_away_is_joined_no_further(manager: Any, pair: tuple[Customer, Customer]) -> None:
    merged(pair, manager)

    with pytest.raises(NotAllowed):  # it is seen by nobody any more
        merged((pair[1], pair[0]), manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_join_at_once_one_wins_and_nobody_is_lost(
    manager: Any, pair: tuple[Customer, Customer], in_threads: Any
) -> None:
    from dovolen.desk.accounts.models import Staff

    def join(kept: Customer, absorbed: Customer) -> str:
        try:
            by = Staff.objects.get(pk=manager.pk)
            actions.merge(kept=kept, absorbed=absorbed, chosen={}, by=by, now=LATER)
        except (actions.MergedAway, NotAllowed):
            return "refused"
        return "done"

    said = in_threads(lambda: join(*pair), lambda: join(*reversed(pair)))

    assert sorted(said) == ["done", "refused"]
    assert Customer.objects.filter(merged_into=None).count() == 1
