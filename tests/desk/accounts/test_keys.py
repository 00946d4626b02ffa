"""Second factor: the published numbers, a code once, the secret locked, a limit on guessing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from dovolen.desk.accounts import codes, guessing, keys
from dovolen.desk.accounts.actions import NotYours
from dovolen.desk.accounts.models import Authenticator, RecoveryCode
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.core.models import Event
from tests.desk import cast
from tests.desk.cast import House
from tests.desk.conftest import NOON

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_6238 = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
            (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert codes.at_step(RFC_SECRET, seconds // codes.STEP) == code
    assert codes.step_of(RFC_SECRET, code, now=datetime.fromtimestamp(seconds, UTC)) == seconds // codes.STEP


def test_a_clock_may_be_off_by_one_step_and_no_more() -> None:
    code = codes.at_step(RFC_SECRET, 1000)
    moment = datetime.fromtimestamp(1000 * codes.STEP, UTC)

    off = {steps: codes.step_of(RFC_SECRET, code, now=moment + steps * timedelta(seconds=30)) for steps in range(-2, 3)}

    assert off == {-2: None, -1: 1000, 0: 1000, 1: 1000, 2: None}


@pytest.fixture
def house(db: None) -> House:
    return cast.opened()


def switched_on(house: House) -> tuple[str, list[str]]:
    secret = codes.new_secret()
    code = codes.at_step(secret, int(NOON.timestamp()) // codes.STEP)
    return secret, keys.add_authenticator(staff=house.olga, secret=secret, code=code, now=NOON)


def code_at(secret: str, moment: datetime) -> str:
    return codes.at_step(secret, int(moment.timestamp()) // codes.STEP)


LATER = NOON + timedelta(minutes=2)


def test_a_wrong_first_code_switches_nothing_on(house: House) -> None:
    with pytest.raises(keys.WrongCode):
        keys.add_authenticator(staff=house.olga, secret=codes.new_secret(), code="000000x", now=NOON)

    assert not Authenticator.objects.exists()


def test_a_code_works_once(house: House) -> None:
    secret, _ = switched_on(house)

    assert keys.check_code(staff=house.olga, code=code_at(secret, LATER), now=LATER) == "code"
    with pytest.raises(keys.WrongCode):
        keys.check_code(staff=house.olga, code=code_at(secret, LATER), now=LATER)
    assert Event.objects.order_by("-id")[0].facts == {"reason": "code"}


def test_the_code_that_switched_it_on_does_not_let_in(house: House) -> None:
    secret, _ = switched_on(house)

    with pytest.raises(keys.WrongCode):
        keys.check_code(staff=house.olga, code=code_at(secret, NOON), now=NOON)


def test_a_recovery_code_works_once_however_it_is_typed(house: House) -> None:
    _, recovery = switched_on(house)
    assert len(set(recovery)) == codes.N_RECOVERY

    typed = recovery[0].upper().replace("-", " ")
    assert keys.check_code(staff=house.olga, code=typed, now=LATER) == "recovery code"
    with pytest.raises(keys.WrongCode):
        keys.check_code(staff=house.olga, code=typed, now=LATER)
    assert RecoveryCode.objects.count() == codes.N_RECOVERY - 1


def test_new_recovery_codes_end_the_earlier_ones(house: House) -> None:
    _, before = switched_on(house)

    after = keys.renew_recovery_codes(staff=house.olga, now=LATER)

    with pytest.raises(keys.WrongCode):
        keys.check_code(staff=house.olga, code=before[0], now=LATER)
    assert keys.check_code(staff=house.olga, code=after[0], now=LATER) == "recovery code"


def test_nothing_in_the_base_lets_in(house: House) -> None:
    secret, recovery = switched_on(house)

    stored = str(list(Authenticator.objects.values())) + str(list(RecoveryCode.objects.values()))
    assert secret not in stored
    assert not [code for code in recovery if code in stored or code.replace("-", "") in stored]


def test_guessing_codes_stops(house: House) -> None:
    secret, _ = switched_on(house)
    for _ in range(guessing.CODE.most):
        with pytest.raises(keys.WrongCode):
            keys.check_code(staff=house.olga, code="12345", now=LATER)

    with pytest.raises(guessing.TooManyGuesses):
        keys.check_code(staff=house.olga, code=code_at(secret, LATER), now=LATER)


def test_a_director_switches_it_off_for_his_own_people_only(house: House) -> None:
    switched_on(house)
    southern = cast.joined(house, login="south", places=[(house.south.pk, DIRECTOR)])

    with pytest.raises(NotYours):
        keys.remove_authenticator(staff=house.olga, by=southern, now=LATER)
    keys.remove_authenticator(staff=house.olga, by=house.olga, now=LATER)

    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert Event.objects.order_by("-id")[0].kind == "staff.authenticator_removed"
