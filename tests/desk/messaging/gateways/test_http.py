"""HTTP by recipe against a provider on loopback: refusals of the whole, doubt, states, what a provider sends by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from dovolen.desk.messaging.gateways import Answer, Door, Letter, Report, Setup, Unreachable, open_door
from dovolen.desk.messaging.gateways.http import Call, heard_in
from dovolen.desk.messaging.gateways.recipes import RecipeError, parsed, preset_text, presets
from tests.desk.messaging.gateways import provider

TO = "+79972000001"


@pytest.fixture
def other(settings: Any) -> Iterator[provider.Provider]:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    with provider.running() as other:
        yield other


@pytest.fixture
def door(other: provider.Provider) -> Iterator[Door]:
    recipe = provider.RECIPE.format(port=other.port, prevents="status")
    door = open_door(Setup("http", "sms", "Loopback", {"recipe": recipe}, "secret", "Dovolen"))
    yield door
    door.close()


def letters(n: int = 1) -> list[Letter]:
    return [Letter(f"k{i}", "sms", f"+799720000{i:02}", "Готово") for i in range(n)]


def test_a_request_is_made_as_the_recipe_says(other: provider.Provider, door: Door) -> None:
    door.send(letters(2))

    path, told, heads = other.asked[0]
    assert path == "/send"
    assert heads["Authorization"] == "Bearer secret"
    assert heads["Host"] == f"127.0.0.1:{other.port}"
    assert told["messages"][1] == {"to": "79972000001", "text": "Готово", "from": "Dovolen", "id": "k1"}


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(401, True), (403, True), (302, True), (402, False), (429, False), (503, False)]
)
def test_a_status_that_holds_for_all_hands_nothing_over(
    other: provider.Provider, door: Door, status: int, is_permanent: bool
) -> None:
    other.status, other.location = status, "http://127.0.0.1:1/elsewhere"

    with pytest.raises(Unreachable) as refused:
        door.send(letters())

    assert refused.value.is_permanent == is_permanent
    assert len(other.asked) == 1


@pytest.mark.parametrize(("fault", "is_permanent"), [("locked", True), ("no_money", False)])
def test_a_refusal_of_the_whole_request_says_whether_it_lasts(
    other: provider.Provider, door: Door, fault: str, is_permanent: bool
) -> None:
    other.fault = fault

    with pytest.raises(Unreachable) as refused:
        door.send(letters())

    assert refused.value.is_permanent == is_permanent
    assert fault in refused.value.detail


def test_a_fault_of_the_provider_is_unclear_for_he_may_have_taken_it(other: provider.Provider, door: Door) -> None:
    other.status = 500

    assert [outcome.state for outcome in door.send(letters(2))] == ["unclear", "unclear"]


def test_a_batch_refused_for_its_form_is_made_anew_letter_by_letter(other: provider.Provider, door: Door) -> None:
    other.status = 400

    outcomes = door.send(letters(2))

    assert [outcome.state for outcome in outcomes] == ["failed", "failed"]
    assert [len(told["messages"]) for _, told, _ in other.asked] == [2, 1, 1]


def test_waiting_has_an_end(other: provider.Provider, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx2

    monkeypatch.setattr("dovolen.desk.messaging.gateways.http.PATIENCE", httpx2.Timeout(0.05))
    recipe = provider.RECIPE.format(port=other.port, prevents="none")
    hasty = open_door(Setup("http", "sms", "Loopback", {"recipe": recipe}, "secret"))
    other.pause = 0.3

    assert hasty.send(letters())[0].state == "unclear"
    hasty.close()


def test_nobody_there_is_no_lasting_fault(settings: Any) -> None:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    recipe = provider.RECIPE.format(port=1, prevents="none")

    with pytest.raises(Unreachable) as refused:
        open_door(Setup("http", "sms", "Loopback", {"recipe": recipe})).send(letters())

    assert not refused.value.is_permanent


def test_a_lost_connection_before_a_later_batch_leaves_the_rest_untried(
    other: provider.Provider, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = other.answer

    def once(path: str, told: dict[str, Any]) -> Any:
        answer = taken(path, told)
        other.fault = "no_money"
        return answer

    monkeypatch.setattr(other, "answer", once)

    states = [outcome.state for outcome in door.send(letters(15))]

    assert states == ["sent"] * 10 + ["untried"] * 5


def test_states_are_asked_and_an_unknown_answer_is_no_answer(other: provider.Provider, door: Door) -> None:
    door.send(letters(1))
    other.states["k0"] = "here"

    known, never = door.ask([*letters(1), Letter("k9", "sms", TO, "")])
    assert known is not None
    assert known.state == "delivered"
    assert never is None

    other.fault = "strange"
    with pytest.raises(Unreachable):
        door.ask(letters(1))


# ── What a provider sends by itself ──────────────────────────────────────────────────────────────────────────────────


def heard(code: str, form: dict[str, str] | None = None, told: Any = None) -> Any:
    if form is not None:
        return heard_in(presets()[code], Call("", "application/x-www-form-urlencoded", urlencode(form).encode()))
    return heard_in(presets()[code], Call("", "application/json", json.dumps(told).encode()))


def test_reports_of_sms_ru_are_texts_of_lines() -> None:
    told = {
        "data[0]": "sms_status\n000-1\n103\n1700000000",
        "data[1]": "sms_status\n000-2\n104\n1",
        "data[2]": "callcheck_status\n1\n400",
    }

    found, reply = heard("sms_ru", told)

    assert found == [Report("delivered", ref="000-1", detail="103"), Report("failed", ref="000-2", detail="104")]
    assert reply == "100"


def test_reports_and_answers_of_smsc_are_forms() -> None:
    report = heard("smsc_ru", {"id": "our-key", "phone": TO, "status": "1", "err": "0"})
    answer = heard("smsc_ru", {"sms_id": "77", "phone": "79972000001", "mes": "Заберу завтра", "to": "7997"})

    assert report[0] == [Report("delivered", key="our-key", detail="1 0")]
    assert answer[0] == [Answer("77", "79972000001", "Заберу завтра")]


def test_reports_of_devino_bear_our_key() -> None:
    told = {"messageId": "55", "status": "DELIVERED", "options": {"key": "our-key"}}

    assert heard("devino", told=told)[0] == [Report("delivered", "55", "our-key", "DELIVERED")]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[[[[", b"\xff\xfe", b"data=1&data=2", b'{"messageId": {"a": 1}, "status": []}', b"[" * 5000]
)
def test_nonsense_is_no_report(body: bytes) -> None:
    for recipe in presets().values():
        try:
            found, _ = heard_in(recipe, Call("", "", body))
        except ValueError:
            continue
        assert found == []


# ── Recipes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_preset_is_sound_and_names_its_source() -> None:
    assert set(presets()) == {"sms_ru", "smsc_ru", "mts_exolve", "devino"}
    for code, recipe in presets().items():
        assert recipe.docs.startswith("https://")
        assert recipe.send.url.startswith("https://")
        assert parsed(preset_text(code)) == recipe


ANSWERS = {
    "sms_ru": (
        {"status": "OK", "status_code": 100, "sms": {"79972000001": {"status_code": 100, "sms_id": "0-1"}}},
        "0-1",
    ),
    "smsc_ru": ({"id": "k1", "cnt": 1}, "k1"),
    "mts_exolve": ({"message_id": "439166537449506000"}, "439166537449506000"),
    "devino": ({"result": [{"code": "OK", "messageId": "3103062592384"}]}, "3103062592384"),
}
REFUSALS = {
    "sms_ru": {"status_code": 100, "sms": {"79972000001": {"status_code": 207, "status_text": "нельзя"}}},
    "smsc_ru": {"error": "invalid number", "error_code": 7},
    "mts_exolve": {"error": {"code": 3, "message": "invalid destination"}},
    "devino": {"result": [{"code": "INVALID_DESTINATION", "description": "wrong"}]},
}


@pytest.mark.parametrize("code", ANSWERS)
def test_a_preset_reads_what_its_provider_answers(
    other: provider.Provider, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    host = presets()[code].send.url
    text = (
        preset_text(code).replace(host, f"http://127.0.0.1:{other.port}/send").replace('way = "form"', 'way = "json"')
    )
    door = open_door(Setup("http", "sms", code, {"recipe": text, "login": "desk"}, "secret", "Dovolen"))

    monkeypatch.setattr(other, "answer", lambda *_: ANSWERS[code][0])
    assert [(o.state, o.ref) for o in door.send([Letter("k1", "sms", TO, "Готово")])] == [("sent", ANSWERS[code][1])]

    monkeypatch.setattr(other, "answer", lambda *_: REFUSALS[code])
    (refused,) = door.send([Letter("k1", "sms", TO, "Готово")])
    assert refused.state == "failed"
    assert refused.detail
    door.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 1",
        'name = "x"',
        'name = "x"\n[send]\nurl = "file:///etc/passwd"',
        'name = "x"\n[send]\nurl = "http://user:pass@x.example/"',
        'name = "x"\n[send]\nurl = "https://x.example/"\nfields = { a = "{nonsense}" }',
        'name = "x"\n[send]\nurl = "https://x.example/"\nunknown = 1',
        'name = "x"\n[send]\nurl = "https://x.example/"\nbatch = 100000',
        'name = "x"\n[send]\nurl = "https://x.example/"\nbatch = "1"',
        'name = "x"\nprevents_doubles = "status"\n[send]\nurl = "https://x.example/"',
        'name = "x"\nprevents_doubles = "magic"\n[send]\nurl = "https://x.example/"',
        'name = "x"\nsend = 5',
        "x" * 30_000,
    ],
)
def test_a_recipe_that_is_none_says_what_is_wrong(text: str) -> None:
    with pytest.raises(RecipeError) as refused:
        parsed(text)

    assert str(refused.value)
