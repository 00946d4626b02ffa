"""Where an order stands: moves and what stages ask for, being told, technicians, waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import ACCOUNTANT, MANAGER, RECEPTIONIST, TECHNICIAN
from dovolen.desk.assets.models import BEFORE_READY, ChecklistItem
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder, Stage, StageEntry
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=90)


def test_a_move_leaves_one_stage_and_enters_the_next(director: Staff) -> None:
    order = make.order(by=director)
    before = order.stage

    actions.move(order=order, to=make.stage("diagnosis"), by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.stage.code, kept.phase, kept.stage_entered_at) == ("diagnosis", "work", LATER)
    first, second = StageEntry.objects.filter(order=order)
    assert (first.stage, first.left_at) == (before, LATER)
    assert (second.stage.code, second.entered_at, second.left_at) == ("diagnosis", LATER, None)
    assert second.norm_minutes == kept.stage.norm_minutes
    facts = make.facts(order, "order.stage_moved")
    assert (facts["before"], facts["stage"], facts["minutes"]) == (before.pk, kept.stage_id, 90)


def test_who_saw_another_stage_is_refused(director: Staff) -> None:
    order = make.order(by=director)
    old_page = RepairOrder.objects.get(pk=order.pk)
    actions.move(order=order, to=make.stage("diagnosis"), by=director, now=NOON)

    with pytest.raises(actions.MovedMeanwhile) as refused:
        actions.move(order=old_page, to=make.stage("repair"), by=director, now=NOON)
    with pytest.raises(actions.MovedMeanwhile):
        actions.move(order=order, to=make.stage("repair"), seen=make.stage("accepted"), by=director, now=NOON)

    assert "Диагностика" in str(refused.value)
    assert StageEntry.objects.filter(order=order).count() == 2


def test_ready_has_its_moment_and_event_and_back_takes_it_away(director: Staff) -> None:
    order = make.order(by=director, at="ready")
    assert (order.ready_at, make.events(order)[-1]) == (NOON, "order.ready")
    actions.tell(order=order, how="call", by=director, now=NOON)

    actions.move(order=order, to=make.stage("repair"), by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.ready_at, kept.notified_at, kept.notified_by, kept.notified_how) == (None, None, None, "")
    actions.move(order=order, to=make.stage("ready"), by=director, now=LATER)
    assert RepairOrder.objects.get(pk=order.pk).ready_at == LATER


def test_from_told_back_to_ready_it_was_ready_all_the_time_and_has_to_be_told_again(director: Staff) -> None:
    order = make.order(by=director, at="told")

    actions.move(order=order, to=make.stage("ready"), by=director, now=LATER)

    assert (order.ready_at, order.notified_at) == (NOON, None)
    assert make.events(order).count("order.ready") == 1


def test_stages_ask_for_the_clients_word(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)

    with pytest.raises(actions.LinesWait):
        actions.move(order=order, to=make.stage("repair"), by=director, now=NOON)

    make.approve(order, by=director)
    actions.move(order=order, to=make.stage("repair"), by=director, now=NOON)
    assert order.stage.code == "repair"


def test_stages_ask_for_the_whole_checklist(director: Staff) -> None:
    category = make.category()
    for text in ("Звук", "Клавиатура"):
        ChecklistItem.objects.create(category=category, moment=BEFORE_READY, text=text)
    order = make.order(by=director, category=category)

    for ticked in ([], ["Звук"]):
        actions.tick_ready_checklist(order=order, seen=order.version, ticked=ticked, by=director, now=NOON)
        with pytest.raises(actions.NotChecked):
            actions.move(order=order, to=make.stage("ready"), by=director, now=NOON)

    actions.tick_ready_checklist(
        order=order, seen=order.version, ticked=["Звук", "Клавиатура", "Чужое"], by=director, now=NOON
    )
    actions.move(order=order, to=make.stage("ready"), by=director, now=NOON)
    assert order.ready_checklist == [{"text": "Звук", "is_on": True}, {"text": "Клавиатура", "is_on": True}]
    assert (make.facts(order, "order.checked")["n_on"], make.facts(order, "order.checked")["n"]) == (2, 2)


def test_who_may_force_goes_past_what_a_stage_asks_for(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN))
    manager = make.staff("manager", (director.centre, MANAGER))

    with pytest.raises(NotAllowed):
        actions.move(order=order, to=make.stage("repair"), by=mechanic, now=NOON, force=True)
    actions.move(order=order, to=make.stage("repair"), by=manager, now=NOON, force=True)

    assert order.stage.code == "repair"


def test_movers_of_a_stage_are_its_roles_at_this_centre(director: Staff) -> None:
    check = make.stage("check")
    check.movers = [MANAGER]
    check.save()
    order = make.order(by=director)
    south = Centre.objects.create(name="Юг")
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN), (south, MANAGER))
    manager = make.staff("manager", (director.centre, MANAGER))

    with pytest.raises(NotAllowed):
        actions.move(order=order, to=check, by=mechanic, now=NOON)
    actions.move(order=order, to=check, by=manager, now=NOON)

    assert actions.may_move(mechanic, make.stage("repair"), director.centre.pk)
    assert not actions.may_move(
        make.staff("money", (director.centre, ACCOUNTANT)), make.stage("repair"), order.centre_id
    )


def test_moves_that_are_none(director: Staff) -> None:
    order = make.order(by=director)
    Stage.objects.filter(code="check").update(is_active=False)

    for code, refusal in {
        "accepted": actions.AlreadyThere,
        "check": actions.StageOff,
        "told": actions.TellFirst,
        "picked_up": actions.ClosedByHandOver,
    }.items():
        with pytest.raises(refusal):
            actions.move(order=order, to=make.stage(code), by=director, now=NOON)
    assert make.events(order) == ["order.accepted"]


def test_what_was_handed_over_moves_no_more(director: Staff) -> None:
    order = make.order(by=director, at="picked_up")

    for act in (
        lambda: actions.move(order=order, to=make.stage("repair"), by=director, now=NOON),
        lambda: actions.tell(order=order, how="call", by=director, now=NOON),
        lambda: actions.assign(order=order, technician=director, by=director, now=NOON),
        lambda: actions.hold(order=order, reason="part", by=director, now=NOON),
        lambda: actions.release(order=order, by=director, now=NOON),
    ):
        with pytest.raises(actions.Closed):
            act()


# ── Told ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_being_told_is_a_stage_with_who_when_and_how(director: Staff) -> None:
    order = make.order(by=director, at="ready")

    actions.tell(order=order, how="message", by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.stage.code, kept.phase) == ("told", "told")
    assert (kept.notified_at, kept.notified_by, kept.notified_how) == (LATER, director, "message")
    assert make.facts(order, "order.told") | {"how": "message", "is_first": True} == make.facts(order, "order.told")


def test_told_again_the_first_time_stays(director: Staff) -> None:
    order = make.order(by=director, at="told")

    actions.tell(order=order, how="in_person", by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.notified_at, kept.notified_how) == (NOON, "call")
    assert make.facts(order, "order.told")["is_first"] is False


def test_a_house_without_a_stage_for_it_notes_it_all_the_same(director: Staff) -> None:
    order = make.order(by=director, at="ready")
    Stage.objects.filter(phase="told").update(is_active=False)

    actions.tell(order=order, how="call", by=director, now=LATER)

    assert (order.stage.code, order.notified_at) == ("ready", LATER)


def test_only_what_is_ready_is_told_and_in_some_way(director: Staff) -> None:
    with pytest.raises(actions.NotReady):
        actions.tell(order=make.order(by=director), how="call", by=director, now=NOON)
    ready = make.order(by=director, at="ready")
    for how in ("not_yet", "", "pigeon"):
        with pytest.raises(actions.UnknownCode):
            actions.tell(order=ready, how=how, by=director, now=NOON)
    with pytest.raises(NotAllowed):
        actions.tell(order=ready, how="call", by=make.staff("m", (director.centre, TECHNICIAN)), now=NOON)


# ── Technicians ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_technician_takes_an_order_for_himself_and_for_nobody_else(director: Staff) -> None:
    order = make.order(by=director)
    one, two = (make.staff(name, (director.centre, TECHNICIAN)) for name in ("one", "two"))

    actions.assign(order=order, technician=one, by=one, now=NOON)
    with pytest.raises(NotAllowed):
        actions.assign(order=order, technician=two, by=one, now=NOON)
    with pytest.raises(NotAllowed):
        actions.assign(order=order, technician=None, by=one, now=NOON)

    assert RepairOrder.objects.get(pk=order.pk).technician == one
    assert StageEntry.objects.get(order=order).technician == one
    assert make.facts(order, "order.assigned")["technician"] == one.pk


def test_work_is_planned_by_whoever_plans_it(director: Staff) -> None:
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN))
    desk = make.staff("desk", (director.centre, RECEPTIONIST))
    order = make.order(by=director, technician=mechanic)

    actions.assign(order=order, technician=mechanic, by=desk, now=NOON)
    assert "order.assigned" not in make.events(order)
    actions.assign(order=order, technician=None, by=desk, now=NOON)

    assert order.technician is None
    assert make.facts(order, "order.assigned")["before"] == mechanic.pk


def test_an_order_is_given_to_those_who_repair_here_and_still_work(director: Staff) -> None:
    order = make.order(by=director)
    south = Centre.objects.create(name="Юг")
    elsewhere = make.staff("elsewhere", (south, TECHNICIAN))
    gone = make.staff("gone", (director.centre, TECHNICIAN))
    gone.is_active = False

    for somebody in (elsewhere, gone, make.staff("desk", (director.centre, RECEPTIONIST))):
        with pytest.raises(actions.NotATechnician):
            actions.assign(order=order, technician=somebody, by=director, now=NOON)


# ── Waits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wait_says_why_since_when_and_how_long(director: Staff) -> None:
    order = make.order(by=director)

    actions.hold(order=order, reason="part", note="Едет из Китая", until=LATER, by=director, now=NOON)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.hold_reason, kept.hold_note, kept.held_since, kept.held_until) == (
        "part",
        "Едет из Китая",
        NOON,
        LATER,
    )
    assert make.facts(order, "order.held")["reason"] == "part"


def test_a_wait_for_the_same_goes_on_since_it_began(director: Staff) -> None:
    order = make.order(by=director)
    actions.hold(order=order, reason="part", by=director, now=NOON)

    actions.hold(order=order, reason="part", note="Ещё день", by=director, now=LATER)
    assert order.held_since == NOON
    actions.hold(order=order, reason="client", by=director, now=LATER)
    assert order.held_since == LATER


def test_a_wait_ends_by_hand_or_by_a_move_to_work(director: Staff) -> None:
    order = make.order(by=director)
    actions.hold(order=order, reason="part", by=director, now=NOON)

    actions.move(order=order, to=make.stage("parts"), by=director, now=NOON)
    assert order.hold_reason == "part"
    actions.move(order=order, to=make.stage("repair"), by=director, now=LATER)
    assert (order.hold_reason, order.held_since) == ("", None)
    assert make.facts(order, "order.released")["minutes"] == 90

    actions.hold(order=order, reason="capacity", by=director, now=LATER)
    actions.release(order=order, by=director, now=LATER)
    assert make.events(order)[-1] == "order.released"
    with pytest.raises(actions.NotHeld):
        actions.release(order=order, by=director, now=LATER)


def test_a_wait_has_a_known_reason_and_a_short_note(director: Staff) -> None:
    order = make.order(by=director)

    with pytest.raises(actions.UnknownCode):
        actions.hold(order=order, reason="weather", by=director, now=NOON)
    with pytest.raises(actions.TooLong):
        actions.hold(order=order, reason="other", note="я" * 201, by=director, now=NOON)
    with pytest.raises(NotAllowed):
        actions.hold(order=order, reason="part", by=make.staff("m", (director.centre, ACCOUNTANT)), now=NOON)
