"""The gate: who may be told what, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dovolen.insight.gate import (
    ADVERTISING,
    SERVICE,
    Allowed,
    History,
    Policy,
    Refused,
    Word,
    decide,
)

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""Twelve in Moscow, 14 in Yekaterinburg, 20 in Magadan."""
YES = (Word(SERVICE, "any", True), Word(ADVERTISING, "any", True))
MOSCOW = "Europe/Moscow"


def asked(purpose: str = SERVICE, now: datetime = NOON, **told: object) -> Allowed | Refused:
    known = {"channel": "sms", "address": "+79972000000", "consents": YES, "zones": (MOSCOW,)}
    return decide(History(**{**known, **told}), Policy(), purpose, now)  # type: ignore[arg-type]


def test_who_agreed_may_be_told_by_day() -> None:
    assert asked() == Allowed()
    assert asked(ADVERTISING) == Allowed()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"address": ""}, "no_address"),
        ({"is_blocked": True}, "blocked"),
        ({"consents": ()}, "no_consent"),
        ({"refused_by_operator": True}, "operator_refused"),
        ({"sent": [(NOON - timedelta(minutes=n), SERVICE) for n in range(12)]}, "frequency_cap"),
    ],
)
def test_what_no_waiting_mends_is_refused(told: dict[str, object], reason: str) -> None:
    assert asked(**told) == Refused(reason)


def test_silence_is_no_consent_and_one_purpose_says_nothing_of_the_other() -> None:
    only_service = (Word(SERVICE, "any", True),)

    assert asked(consents=only_service) == Allowed()
    assert asked(ADVERTISING, consents=only_service) == Refused("no_consent")


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ([("any", True), ("sms", False)], False),
        ([("sms", False), ("any", True)], True),
        ([("any", True), ("email", False)], True),
        ([("email", True)], False),
        ([("sms", True), ("any", False)], False),
    ],
)
def test_the_latest_word_on_the_channel_or_on_all_of_them_holds(words: list[tuple[str, bool]], may: bool) -> None:
    said = [Word(SERVICE, channel, is_given) for channel, is_given in words]

    assert (asked(consents=said) == Allowed()) is may


@pytest.mark.parametrize(
    ("purpose", "hour", "minute", "may"),
    [
        (SERVICE, 7, 59, False), (SERVICE, 8, 0, True), (SERVICE, 21, 59, True), (SERVICE, 22, 0, False),
        (ADVERTISING, 9, 59, False), (ADVERTISING, 10, 0, True), (ADVERTISING, 19, 59, True), (ADVERTISING, 20, 0, False),
    ],
)  # fmt: skip
def test_quiet_hours_are_of_the_clients_clock(purpose: str, hour: int, minute: int, may: bool) -> None:
    local = datetime(2026, 11, 20, hour - 3, minute, tzinfo=UTC) if hour >= 3 else NOON

    assert (asked(purpose, local) == Allowed()) is may


def test_at_night_it_waits_for_the_morning() -> None:
    night = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)

    assert asked(now=night) == Refused("quiet_hours", datetime(2026, 11, 21, 5, 0, tzinfo=UTC))


def test_who_is_awake_is_told_at_any_hour_and_needs_his_consent_as_ever() -> None:
    night = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)

    assert asked(now=night, is_awake=True) == Allowed()
    assert asked(now=night, is_awake=True, consents=()) == Refused("no_consent")


def test_before_dawn_it_waits_for_the_same_day() -> None:
    dawn = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

    assert asked(now=dawn) == Refused("quiet_hours", datetime(2026, 11, 20, 5, 0, tzinfo=UTC))


def test_who_may_be_in_two_zones_is_told_when_both_are_awake() -> None:
    wide = (MOSCOW, "Asia/Yekaterinburg")
    early = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

    assert asked(now=early, zones=("Asia/Yekaterinburg",)) == Allowed()
    assert asked(now=early, zones=wide) == Refused("quiet_hours", datetime(2026, 11, 20, 5, 0, tzinfo=UTC))


def test_zones_whose_days_do_not_meet_are_never_told() -> None:
    assert asked(ADVERTISING, zones=("Pacific/Honolulu", MOSCOW)) == Refused("quiet_hours")


def test_the_morning_after_the_clocks_change_is_eight_by_the_new_clock() -> None:
    before = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # the night in which Berlin goes from +1 to +2

    assert asked(now=before, zones=("Europe/Berlin",)) == Refused(
        "quiet_hours", datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize(("days", "may"), [(6.9, False), (7.1, True)])
def test_one_offer_a_week(days: float, may: bool) -> None:
    sent = [(NOON - timedelta(days=days), ADVERTISING)]

    assert (asked(ADVERTISING, sent=sent) == Allowed()) is may


def test_a_cap_counts_its_own_purpose_alone() -> None:
    sent = [(NOON - timedelta(hours=1), SERVICE)] * 5

    assert asked(ADVERTISING, sent=sent) == Allowed()


def test_what_cannot_be_mended_is_told_before_the_hour() -> None:
    night = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)

    assert asked(now=night, consents=()) == Refused("no_consent")
