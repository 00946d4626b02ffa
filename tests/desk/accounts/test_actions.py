"""What is done with accounts: the row, the event, and each refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts import actions, guessing, queries, upkeep
from dovolen.desk.accounts.models import Centre, Guesses, Invitation, Membership, Session, Staff
from dovolen.desk.accounts.rights import DIRECTOR, MANAGER, RECEPTIONIST, TECHNICIAN
from dovolen.desk.core.models import Event
from tests.desk import cast
from tests.desk.cast import NORTH, PASSWORD, House, fresh
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.opened()


def latest() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event is not None
    return event


def log_in(login: str = "olga", password: str = PASSWORD, **more: Any) -> Staff:
    return actions.check_log_in(login=login, password=password, **({"address": "10.0.0.1", "now": NOON} | more))


def test_the_house_opens_once(house: House) -> None:
    assert house.olga.roles == [DIRECTOR]
    assert [event.kind for event in Event.objects.order_by("id")] == ["centre.opened", "centre.opened"]
    with pytest.raises(actions.AlreadyOpen):
        actions.open_house(centre=NORTH | {"name": "X"}, login="x", name="X", password=PASSWORD, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_house_at_one_moment_one_does(in_threads: Callable[..., list[Any]]) -> None:
    def opens(name: str) -> Callable[[], bool]:
        def run() -> bool:
            try:
                actions.open_house(centre=NORTH | {"name": name}, login=name, name=name, password=PASSWORD, now=NOON)
            except actions.AlreadyOpen:
                return False
            return True

        return run

    done = in_threads(opens("a"), opens("b"))

    assert sorted(done) == [False, True]
    assert Staff.objects.count() == 1


def test_a_login_is_known_in_any_case(house: House) -> None:
    assert log_in(" OLGA ") == house.olga


@pytest.mark.parametrize(("login", "password"), [("olga", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_login_sound_the_same(house: House, login: str, password: str) -> None:
    with pytest.raises(actions.WrongPassword):
        log_in(login, password)

    refused = Event.objects.filter(kind="staff.refused")
    assert refused.count() == (login == "olga")


def test_guessing_stops_by_account_whatever_the_address(house: House) -> None:
    for n in range(guessing.ACCOUNT.most):
        with pytest.raises(actions.WrongPassword):
            log_in(password="wrong", address=f"10.0.1.{n}")

    with pytest.raises(guessing.TooManyGuesses) as refusal:
        log_in()

    assert "15" in str(refusal.value)
    assert latest().facts == {"reason": "too many guesses"}
    assert log_in(now=NOON + guessing.ACCOUNT.within) == house.olga


def test_guessing_stops_by_address_whatever_the_account(house: House) -> None:
    for n in range(guessing.ADDRESS.most):
        with pytest.raises(actions.WrongPassword):
            log_in(f"somebody{n}", "wrong")

    with pytest.raises(guessing.TooManyGuesses):
        log_in()
    assert log_in(address="10.0.0.2") == house.olga


def test_coming_in_gives_all_tries_back(house: House) -> None:
    for _ in range(3):
        for _ in range(guessing.ACCOUNT.most - 1):
            with pytest.raises(actions.WrongPassword):
                log_in(password="wrong", address=None)
        log_in(address="10.0.0.9")
        Guesses.objects.filter(digest=guessing.ADDRESS.digest(None)).delete()


@pytest.mark.django_db(transaction=True)
def test_tries_in_parallel_are_counted_too(in_threads: Callable[..., list[Any]]) -> None:
    def tries() -> bool:
        try:
            guessing.take(guessing.CODE, 1, now=NOON)
        except guessing.TooManyGuesses:
            return False
        return True

    done = in_threads(*[tries] * 16)

    assert sum(done) == guessing.CODE.most


def test_what_was_typed_as_a_login_is_kept_as_a_digest(house: House) -> None:
    with pytest.raises(actions.WrongPassword):
        log_in("my-secret-password", "olga")

    assert not Guesses.objects.filter(digest__contains="secret").exists()


def test_somebody_invited_joins_by_his_link_once(house: House) -> None:
    invited = actions.invite(
        login="Ruslan", name="Руслан", places=[(house.north.pk, TECHNICIAN)], by=house.olga, now=NOON
    )
    assert latest().facts == {"places": [[house.north.pk, TECHNICIAN]]}
    assert not Invitation.objects.filter(token_digest=invited.token).exists()
    assert len(invited.token) * 6 >= 128

    link = queries.invitation_of(invited.token, now=NOON)
    assert link is not None
    actions.accept(invitation=link, password=PASSWORD, now=NOON)

    assert latest().kind == "staff.joined"
    assert log_in("ruslan").roles == [TECHNICIAN]
    assert queries.invitation_of(invited.token, now=NOON) is None
    with pytest.raises(actions.LinkSpent):
        actions.accept(invitation=link, password="other", now=NOON)


def test_an_old_link_a_replaced_one_and_one_of_somebody_switched_off_do_not_work(house: House) -> None:
    invited = actions.invite(login="a", name="А", places=[(house.north.pk, TECHNICIAN)], by=house.olga, now=NOON)
    link = queries.invitation_of(invited.token, now=NOON)
    assert link is not None

    assert queries.invitation_of(invited.token, now=NOON + actions.LINK_LIVES) is None
    with pytest.raises(actions.LinkSpent):
        actions.accept(invitation=link, password=PASSWORD, now=NOON + actions.LINK_LIVES)
    again = actions.renew_link(staff=invited.staff, by=house.olga, now=NOON)
    with pytest.raises(actions.LinkSpent):
        actions.accept(invitation=link, password=PASSWORD, now=NOON)
    actions.switch(staff=invited.staff, on=False, by=house.olga, now=NOON)
    assert queries.invitation_of(again.token, now=NOON) is None


def test_a_login_is_given_once(house: House) -> None:
    with pytest.raises(actions.LoginTaken):
        actions.invite(login="OLGA", name="X", places=[(house.north.pk, TECHNICIAN)], by=house.olga, now=NOON)


def test_a_director_of_one_centre_has_no_say_at_another(house: House) -> None:
    southern = cast.joined(house, login="south", places=[(house.south.pk, DIRECTOR)])
    northern = cast.joined(house, login="north", places=[(house.north.pk, TECHNICIAN)])
    both = cast.joined(house, login="both", places=[(house.north.pk, MANAGER), (house.south.pk, MANAGER)])

    say = {"by": southern, "now": NOON}
    with pytest.raises(actions.NotYours):
        actions.invite(login="x", name="X", places=[(house.north.pk, TECHNICIAN)], **say)
    for person in (northern, both):
        with pytest.raises(actions.NotYours):
            actions.set_places(staff=person, name="X", places=[(house.south.pk, DIRECTOR)], **say)
        with pytest.raises(actions.NotYours):
            actions.switch(staff=person, on=False, **say)
        with pytest.raises(actions.NotYours):
            actions.renew_link(staff=person, **say)
    with pytest.raises(actions.NotYours):
        actions.change_centre(centre=house.north, name="Y", **say)
    mine = cast.joined(house, login="mine", places=[(house.south.pk, TECHNICIAN)])
    with pytest.raises(actions.NotYours):
        actions.set_places(staff=mine, name="X", places=[(house.north.pk, DIRECTOR)], **say)


def test_roles_are_given_and_taken(house: House) -> None:
    ruslan = cast.joined(house, login="ruslan", places=[(house.north.pk, TECHNICIAN)])

    places = [(house.north.pk, RECEPTIONIST), (house.south.pk, TECHNICIAN)]
    actions.set_places(staff=ruslan, name="Руслан Х.", places=places, by=house.olga, now=NOON)

    assert latest().facts == {
        "given": sorted([list(place) for place in places]), "taken": [[house.north.pk, TECHNICIAN]]
    }  # fmt: skip
    after = fresh(ruslan)
    assert after.name == "Руслан Х."
    assert after.may("take in", house.north)
    assert not after.may("take in", house.south)
    assert after.centre_ids("repair") == {house.south.pk}


def test_the_last_director_stays(house: House) -> None:
    deputy = cast.joined(house, login="deputy", places=[(house.north.pk, DIRECTOR), (house.south.pk, DIRECTOR)])

    actions.switch(staff=house.olga, on=False, by=deputy, now=NOON)

    with pytest.raises(actions.LastDirector):
        actions.switch(staff=deputy, on=False, by=deputy, now=NOON)
    with pytest.raises(actions.LastDirector):
        actions.set_places(staff=deputy, name="X", places=[(house.north.pk, MANAGER)], by=deputy, now=NOON)
    assert fresh(deputy).is_active
    assert Membership.objects.filter(staff=deputy, role=DIRECTOR).count() == 2


def test_somebody_switched_off_cannot_come_in_until_switched_on(house: House) -> None:
    ruslan = cast.joined(house, login="ruslan", places=[(house.north.pk, TECHNICIAN)])

    actions.switch(staff=ruslan, on=False, by=house.olga, now=NOON)

    assert latest().kind == "staff.switched_off"
    with pytest.raises(actions.WrongPassword):
        log_in("ruslan")
    actions.switch(staff=ruslan, on=True, by=house.olga, now=NOON)
    assert latest().kind == "staff.switched_on"
    assert log_in("ruslan") == ruslan


def test_switching_off_twice_is_one_event(house: House) -> None:
    ruslan = cast.joined(house, login="ruslan", places=[(house.north.pk, TECHNICIAN)])

    for _ in range(2):
        actions.switch(staff=ruslan, on=False, by=house.olga, now=NOON)

    assert Event.objects.filter(kind="staff.switched_off").count() == 1


def test_the_password_is_asked_again_and_guessing_it_stops(house: House) -> None:
    actions.confirm(staff=house.olga, password=PASSWORD, now=NOON)
    for _ in range(guessing.PASSWORD.most):
        with pytest.raises(actions.PasswordNotOurs):
            actions.confirm(staff=house.olga, password="wrong", now=NOON)

    with pytest.raises(guessing.TooManyGuesses):
        actions.confirm(staff=house.olga, password=PASSWORD, now=NOON)


def test_preferences_leave_an_event_only_when_something_changed(house: House) -> None:
    for _ in range(2):
        actions.set_preferences(staff=house.olga, now=NOON, language="en", theme="dark")

    assert Event.objects.get(kind="staff.preferences_set").facts == {"changed": ["language", "theme"]}
    assert fresh(house.olga).language == "en"


def test_a_centre_is_changed_and_its_name_is_its_own(house: House) -> None:
    actions.change_centre(centre=house.north, by=house.olga, now=NOON, phone="+7 997 200-00-01")

    assert latest().facts == {"changed": ["phone"]}
    assert "997" not in str(latest().facts)
    with pytest.raises(actions.NameTaken):
        actions.change_centre(centre=house.north, by=house.olga, now=NOON, name="Юг")
    with pytest.raises(actions.NameTaken):
        actions.open_centre(by=house.olga, now=NOON, **NORTH)
    assert Centre.objects.count() == 2


def test_other_sessions_end(house: House) -> None:
    kept, gone = (
        Session(session_key=key * 64, session_data="", expire_date=NOON + timedelta(days=1), staff=house.olga,
                number=f"{n:032x}", started_at=NOON, seen_at=NOON)
        for n, key in enumerate("ab")
    )  # fmt: skip
    Session.objects.bulk_create([kept, gone])

    assert actions.end_other_sessions(keep=kept.pk, by=house.olga, now=NOON) == 1

    assert Session.objects.get() == kept
    assert latest().kind == "staff.sessions_ended"


def test_at_night_only_what_has_run_out_is_swept(house: House) -> None:
    actions.invite(login="a", name="А", places=[(house.north.pk, TECHNICIAN)], by=house.olga, now=NOON)
    guessing.take(guessing.CODE, 1, now=NOON)

    upkeep.sweep(now=NOON)
    assert (Invitation.objects.count(), Guesses.objects.count()) == (1, 1)
    upkeep.sweep(now=NOON + actions.LINK_LIVES + timedelta(seconds=1))

    assert (Invitation.objects.count(), Guesses.objects.count()) == (0, 0)
