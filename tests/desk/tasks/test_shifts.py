"""The shift log: one open shift a centre, who is on it, what is handed over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.core.models import Event
from dovolen.desk.tasks import actions, queries
from dovolen.desk.tasks.models import Shift, ShiftNote, ShiftPerson
from tests.desk import cast
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=8)


@pytest.fixture
def house() -> House:
    return cast.full()


def opened(house: House, login: str = "receptionist.north") -> Shift:
    return actions.open_shift(centre=house.north, by=house[login], now=NOON)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="shift.").order_by("id").values_list("kind", flat=True))


def test_who_opens_a_shift_is_on_it(house: House) -> None:
    opened(house)

    now = queries.shift_now(house.north)
    assert [person.login for person in now.staff] == ["receptionist.north"]
    assert kinds() == ["shift.opened", "shift.joined"]


def test_a_second_shift_is_refused_and_another_centre_has_its_own(house: House) -> None:
    opened(house)

    with pytest.raises(actions.ShiftOpen):
        opened(house, "technician.north")
    actions.open_shift(centre=house.south, by=house["technician.south"], now=NOON)

    assert Shift.objects.filter(closed_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_shift_at_once_one_is_told(house: House, in_threads: Any) -> None:
    def try_it(login: str) -> Any:
        try:
            return opened(house, login)
        except actions.ShiftOpen as refusal:
            return str(refusal)

    answers = in_threads(lambda: try_it("receptionist.north"), lambda: try_it("manager.north"))

    assert sorted(type(answer).__name__ for answer in answers) == ["Shift", "str"]
    assert (Shift.objects.count(), kinds().count("shift.opened")) == (1, 1)


@pytest.mark.parametrize("login", ["marketer.north", "accountant.north", "receptionist.south"])
def test_the_log_is_kept_by_those_who_may_and_work_there(house: House, login: str) -> None:
    with pytest.raises(NotAllowed):
        opened(house, login)


def test_people_come_and_go_and_may_come_again(house: House) -> None:
    shift, ruslan = opened(house), house["technician.north"]
    actions.join(shift=shift, staff=ruslan, by=ruslan, now=NOON)

    with pytest.raises(actions.AlreadyOn):
        actions.join(shift=shift, staff=ruslan, by=ruslan, now=NOON)
    actions.leave(shift=shift, staff=ruslan, by=house["manager.north"], now=LATER)
    with pytest.raises(actions.NotOn):
        actions.leave(shift=shift, staff=ruslan, by=ruslan, now=LATER)
    actions.join(shift=shift, staff=ruslan, by=ruslan, now=LATER)

    rows = ShiftPerson.objects.filter(staff=ruslan).order_by("pk").values_list("since", "until")
    assert list(rows) == [(NOON, LATER), (LATER, None)]
    assert queries.shift_now(house.north).roles == {"receptionist": 1, "technician": 1}


def test_somebody_of_another_centre_is_not_put_on(house: House) -> None:
    with pytest.raises(actions.NotHere):
        actions.join(shift=opened(house), staff=house["technician.south"], by=house.olga, now=NOON)


def test_a_note_stands_in_its_row_and_not_in_the_journal(house: House) -> None:
    actions.write_log(shift=opened(house), text=" Курьер к 16:00 ", by=house.olga, now=NOON)

    note = ShiftNote.objects.get()
    assert note.text == "Курьер к 16:00"
    assert Event.objects.get(kind="shift.noted").facts == {"note": note.pk}
    with pytest.raises(actions.NothingToNote):
        actions.write_log(shift=note.shift, text="  ", by=house.olga, now=NOON)


def test_a_shift_closes_with_its_hand_over_and_everybody_goes(house: House) -> None:
    shift = opened(house)
    actions.join(shift=shift, staff=house["technician.north"], by=house.olga, now=NOON)

    actions.close_shift(shift=shift, handover="№ 24790 без батареи не выдавать", by=house["manager.north"], now=LATER)

    kept = Shift.objects.get()
    assert (kept.closed_at, kept.closed_by, kept.handover) == (
        LATER, house["manager.north"], "№ 24790 без батареи не выдавать",
    )  # fmt: skip
    assert not ShiftPerson.objects.filter(until=None).exists()
    assert Event.objects.get(kind="shift.closed").facts == {"n_people": 2}
    now = queries.shift_now(house.north)
    assert (now.shift, now.before, now.staff) == (None, kept, [])


def test_a_closed_shift_takes_nothing_more(house: House) -> None:
    shift = opened(house)
    actions.close_shift(shift=shift, handover="", by=house.olga, now=LATER)
    given: dict[str, Any] = {"shift": shift, "by": house.olga, "now": LATER}

    for act in (
        lambda: actions.close_shift(handover="", **given), lambda: actions.write_log(text="поздно", **given),
        lambda: actions.join(staff=house.olga, **given), lambda: actions.leave(staff=house.olga, **given),
    ):  # fmt: skip
        with pytest.raises(actions.ShiftClosed):
            act()


def test_the_next_shift_reads_what_the_one_before_left(house: House) -> None:
    actions.close_shift(shift=opened(house), handover="Курьер к 16:00", by=house.olga, now=LATER)

    fresh = actions.open_shift(centre=house.north, by=house.olga, now=LATER + timedelta(hours=14))

    now = queries.shift_now(house.north)
    assert (now.shift, now.before.handover if now.before else "") == (fresh, "Курьер к 16:00")
