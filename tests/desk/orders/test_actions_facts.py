"""What is told of an order: fields, checklist, notes, the device's password; parts on their way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import ACCOUNTANT, MARKETER, RECEPTIONIST, TECHNICIAN
from dovolen.desk.assets.models import BEFORE_READY, ChecklistItem
from dovolen.desk.core.changes import Stale
from dovolen.desk.orders import actions, queries, secrets
from dovolen.desk.orders.models import AwaitedPart, DeviceSecret, OrderNote, RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER, TOMORROW = NOON + timedelta(hours=1), NOON + timedelta(days=1)


def test_fields_are_written_over_the_version_that_was_seen(director: Staff) -> None:
    order = make.order(by=director)

    changed = actions.change_order(
        order=order, seen=1, by=director, now=LATER, diagnosis=" Шлейф ", estimate=1, shelf="А-1", condition=""
    )

    kept = RepairOrder.objects.get(pk=order.pk)
    assert changed == ["diagnosis", "estimate", "shelf"]
    assert (kept.diagnosis, kept.estimate, kept.shelf, kept.version) == ("Шлейф", 1, "А-1", 2)
    assert make.facts(order, "order.changed")["changed"] == changed
    assert "Шлейф" not in str(make.facts(order, "order.changed"))


def test_of_two_who_write_on_one_page_the_second_sees_the_difference(director: Staff) -> None:
    order = make.order(by=director)
    old_page = RepairOrder.objects.get(pk=order.pk)
    actions.change_order(order=order, seen=1, by=director, now=LATER, diagnosis="Шлейф")

    with pytest.raises(Stale) as stale:
        actions.change_order(order=old_page, seen=1, by=director, now=LATER, diagnosis="Плата", shelf="Б-2")

    assert [(one.field, one.theirs, one.mine) for one in stale.value.differences] == [
        ("diagnosis", "Шлейф", "Плата"),
        ("shelf", "", "Б-2"),
    ]
    assert RepairOrder.objects.get(pk=order.pk).shelf == ""


def test_who_repairs_writes_what_he_found_and_nothing_of_the_desks(director: Staff) -> None:
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN))
    order = make.order(by=director)

    actions.change_order(order=order, seen=1, by=mechanic, now=LATER, diagnosis="Плата", odometer=100)
    with pytest.raises(NotAllowed):
        actions.change_order(order=order, seen=2, by=mechanic, now=LATER, diagnosis="Плата", pay_type="goodwill")
    money = make.staff("money", (director.centre, ACCOUNTANT))
    with pytest.raises(NotAllowed):
        actions.change_order(order=order, seen=2, by=money, now=LATER, diagnosis="Плата")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"pay_type": "free"}, actions.UnknownCode),
        ({"shelf": "я" * 41}, actions.TooLong),
        ({"diagnosis": "я" * 10_001}, actions.TooLong),
        ({"odometer": -1}, actions.OutOfRange),
        ({"estimate": 10**12 + 1}, actions.OutOfRange),
    ],
)
def test_what_does_not_fit_is_refused(director: Staff, values: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        actions.change_order(order=make.order(by=director), seen=1, by=director, now=LATER, **values)


@pytest.mark.parametrize(
    "field",
    ["stage", "phase", "total", "number", "customer", "outcome", "promised_at", "ready_at", "rework_of", "version"],
)
def test_a_form_changes_nothing_else_of_an_order(director: Staff, field: str) -> None:
    with pytest.raises(TypeError):
        actions.change_order(order=make.order(by=director), seen=1, by=director, now=LATER, **{field: 1})


def test_a_closed_order_stands_but_for_notes(director: Staff) -> None:
    order = make.order(by=director, at="picked_up")

    for act in (
        lambda: actions.change_order(order=order, seen=1, by=director, now=LATER, diagnosis="Плата"),
        lambda: actions.tick_ready_checklist(order=order, seen=1, ticked=[], by=director, now=LATER),
        lambda: actions.set_password(order=order, password="1", by=director, now=LATER),
        lambda: actions.await_part(order=order, name="Шлейф", by=director, now=LATER),
    ):
        with pytest.raises(actions.Closed):
            act()
    actions.add_note(order=order, text="Позвонил, доволен", by=director, now=LATER)
    assert make.events(order)[-1] == "order.noted"


# ── Notes, checklist, password ───────────────────────────────────────────────────────────────────────────────────────


def test_a_note_stands_in_its_own_row(director: Staff) -> None:
    order = make.order(by=director)

    note = actions.add_note(order=order, text=" Просит звонить после шести: +7 912 448-07-31 ", by=director, now=LATER)

    assert OrderNote.objects.get().text == "Просит звонить после шести: +7 912 448-07-31"
    assert make.facts(order, "order.noted")["note"] == note.pk
    with pytest.raises(actions.NoText):
        actions.add_note(order=order, text=" \n ", by=director, now=LATER)
    with pytest.raises(NotAllowed):
        actions.add_note(order=order, text="Да", by=make.staff("m", (director.centre, MARKETER)), now=LATER)


def test_the_checklist_is_the_categorys_of_today_until_the_order_is_closed(director: Staff) -> None:
    category = make.category()
    sound = ChecklistItem.objects.create(category=category, moment=BEFORE_READY, text="Звук")
    order = make.order(by=director, category=category)
    actions.tick_ready_checklist(order=order, seen=1, ticked=["Звук"], by=director, now=LATER)
    ChecklistItem.objects.create(category=category, moment=BEFORE_READY, text="Сеть", position=1)

    assert queries.ready_checklist(order) == [{"text": "Звук", "is_on": True}, {"text": "Сеть", "is_on": False}]

    actions.hand_over(order=order, outcome="declined", by=director, now=LATER)
    sound.delete()
    assert queries.ready_checklist(order) == [{"text": "Звук", "is_on": True}]


def test_a_late_checklist_overwrites_nothing(director: Staff) -> None:
    category = make.category()
    ChecklistItem.objects.create(category=category, moment=BEFORE_READY, text="Звук")
    order = make.order(by=director, category=category)
    actions.tick_ready_checklist(order=order, seen=1, ticked=["Звук"], by=director, now=LATER)

    with pytest.raises(Stale):
        actions.tick_ready_checklist(order=order, seen=1, ticked=[], by=director, now=LATER)
    money = make.staff("m", (director.centre, ACCOUNTANT))
    with pytest.raises(NotAllowed):
        actions.tick_ready_checklist(order=order, seen=2, ticked=[], by=money, now=LATER)


def test_a_password_is_shown_to_those_who_repair_and_the_journal_says_to_whom(director: Staff) -> None:
    order = make.order(by=director, password="qwerty")
    mechanic, desk = (make.staff(role, (director.centre, role)) for role in (TECHNICIAN, RECEPTIONIST))

    assert actions.reveal_password(order=order, by=mechanic, now=LATER) == "qwerty"
    with pytest.raises(NotAllowed):
        actions.reveal_password(order=order, by=desk, now=LATER)

    assert make.facts(order, "order.password_seen")["by"] == mechanic.pk
    assert make.events(order).count("order.password_seen") == 1


def test_a_password_may_be_told_later_corrected_and_forgotten(director: Staff) -> None:
    order = make.order(by=director)

    actions.set_password(order=order, password="раз", by=director, now=LATER)
    actions.set_password(order=order, password="два", by=director, now=LATER)
    assert actions.reveal_password(order=order, by=director, now=LATER) == "два"
    actions.set_password(order=order, password=" ", by=director, now=LATER)

    assert not DeviceSecret.objects.exists()
    with pytest.raises(actions.NoPassword):
        actions.reveal_password(order=order, by=director, now=LATER)
    with pytest.raises(NotAllowed):
        actions.set_password(order=order, password="1", by=make.staff("m", (director.centre, ACCOUNTANT)), now=LATER)


def test_what_was_locked_opens_only_whole_and_by_this_house(director: Staff) -> None:
    locked = secrets.lock("1234")

    assert locked != secrets.lock("1234")
    with pytest.raises(secrets.KeyLostError):
        secrets.unlock(locked[:-8] + "AAAAAAA=")
    with pytest.raises(secrets.KeyLostError):
        secrets.unlock("пароль")


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_is_awaited_with_what_the_supplier_first_said(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    line = order.lines.get(kind="part")

    part = actions.await_part(
        order=order, name=" Матрица ", supplier="Дисплей-Опт", expected_at=TOMORROW, line=line, by=director, now=NOON
    )
    actions.expect_part(part=part, expected_at=TOMORROW + timedelta(days=3), by=director, now=LATER)

    kept = AwaitedPart.objects.get()
    assert (kept.name, kept.line, kept.ordered_at, kept.promised_at) == ("Матрица", line, NOON, TOMORROW)
    assert kept.expected_at == TOMORROW + timedelta(days=3)
    assert make.facts(order, "order.part_expected")["before"] == TOMORROW.isoformat()


def test_the_first_date_told_later_is_the_first_promise(director: Staff) -> None:
    part = actions.await_part(order=make.order(by=director), name="Шлейф", by=director, now=NOON)

    actions.expect_part(part=part, expected_at=TOMORROW, by=director, now=LATER)

    assert (part.promised_at, part.expected_at) == (TOMORROW, TOMORROW)


def test_what_came_or_was_given_up_is_not_awaited_any_more(director: Staff) -> None:
    order = make.order(by=director)
    came, given_up = (actions.await_part(order=order, name=name, by=director, now=NOON) for name in ("А", "Б"))

    actions.part_arrived(part=came, by=director, now=LATER)
    actions.cancel_part(part=given_up, by=director, now=LATER)

    assert AwaitedPart.objects.get(pk=came.pk).arrived_at == LATER
    assert AwaitedPart.objects.get(pk=given_up.pk).cancelled_at == LATER
    assert make.events(order)[-2:] == ["order.part_arrived", "order.part_cancelled"]
    for part in (came, given_up):
        for act in (actions.part_arrived, actions.cancel_part):
            with pytest.raises(actions.NotOnItsWay):
                act(part=part, by=director, now=LATER)
        with pytest.raises(actions.NotOnItsWay):
            actions.expect_part(part=part, expected_at=TOMORROW, by=director, now=LATER)


def test_a_part_arrives_though_its_order_is_closed(director: Staff) -> None:
    order = make.order(by=director)
    part = actions.await_part(order=order, name="Шлейф", by=director, now=NOON)
    actions.hand_over(order=order, outcome="declined", by=director, now=NOON)

    actions.part_arrived(part=part, by=director, now=LATER)

    assert part.arrived_at == LATER


def test_what_is_no_part_of_this_order(director: Staff) -> None:
    order, other = make.order(by=director), make.order(by=director, lines=make.price_list)

    with pytest.raises(actions.NoText):
        actions.await_part(order=order, name="", by=director, now=NOON)
    with pytest.raises(actions.NotOfThisOrder):
        actions.await_part(order=order, name="Шлейф", line=other.lines.first(), by=director, now=NOON)
    money = make.staff("m", (director.centre, ACCOUNTANT))
    with pytest.raises(NotAllowed):
        actions.await_part(order=order, name="Шлейф", by=money, now=NOON)
    part = actions.await_part(order=order, name="Шлейф", by=director, now=NOON)
    for act in (actions.part_arrived, actions.cancel_part):
        with pytest.raises(NotAllowed):
            act(part=part, by=money, now=NOON)
