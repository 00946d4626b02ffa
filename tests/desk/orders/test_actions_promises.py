"""The promise to the client: moved, broken, kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
SOON, LATE = NOON + timedelta(hours=5), NOON + timedelta(days=4)


def test_a_new_date_stands_beside_the_first_with_reason_and_way_it_was_told(director: Staff) -> None:
    order = make.order(by=director, promised_at=SOON)

    made = actions.promise(
        order=order, promised_at=LATE, reason="part_late", told_how="call", note="Везут", by=director, now=NOON
    )

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.first_promised_at, kept.promised_at) == (SOON, LATE)
    assert (made.reason, made.told_how, made.note, made.is_after_break) == ("part_late", "call", "Везут", False)
    assert [promise.promised_at for promise in order.promises.all()] == [SOON, LATE]
    facts = make.facts(order, "order.promised")
    assert (facts["before"], facts["promised_at"]) == (SOON.isoformat(), LATE.isoformat())


def test_given_after_the_one_before_was_broken_it_says_so(director: Staff) -> None:
    order = make.order(by=director, promised_at=SOON)

    at_the_minute = actions.promise(order=order, promised_at=LATE, by=director, now=SOON)
    assert at_the_minute.is_after_break is False
    after = actions.promise(
        order=order, promised_at=LATE + timedelta(days=9), by=director, now=LATE + timedelta(seconds=1)
    )

    assert after.is_after_break is True
    assert make.facts(order, "order.promised")["is_after_break"] is True


def test_the_first_promise_may_come_later_than_the_intake(director: Staff) -> None:
    order = make.order(by=director, promised_at=None)

    made = actions.promise(order=order, promised_at=SOON, by=director, now=NOON)

    assert (order.first_promised_at, order.promised_at, made.is_after_break) == (SOON, SOON, False)


def test_what_is_no_new_promise(director: Staff) -> None:
    order = make.order(by=director, promised_at=SOON)

    for at, refusal in {
        NOON: actions.PromiseInPast,
        NOON - timedelta(days=1): actions.PromiseInPast,
        SOON: actions.SamePromise,
        NOON + timedelta(days=1200): actions.PromiseTooFar,
    }.items():
        with pytest.raises(refusal):
            actions.promise(order=order, promised_at=at, by=director, now=NOON)
    assert order.promises.count() == 1


def test_reason_and_way_are_known_ones_and_the_note_is_short(director: Staff) -> None:
    order = make.order(by=director)

    for values in ({"reason": "stars"}, {"told_how": "pigeon"}):
        with pytest.raises(actions.UnknownCode):
            actions.promise(order=order, promised_at=LATE, by=director, now=NOON, **values)
    with pytest.raises(actions.TooLong):
        actions.promise(order=order, promised_at=LATE, note="я" * 201, by=director, now=NOON)


def test_nothing_is_promised_for_what_is_ready_or_gone_nor_by_whoever_repairs(director: Staff) -> None:
    for at, refusal in {
        "ready": actions.ReadyAlready,
        "told": actions.ReadyAlready,
        "picked_up": actions.Closed,
    }.items():
        with pytest.raises(refusal):
            actions.promise(order=make.order(by=director, at=at), promised_at=LATE, by=director, now=NOON)
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN))
    with pytest.raises(NotAllowed):
        actions.promise(order=make.order(by=director), promised_at=LATE, by=mechanic, now=NOON)
