"""Logs tell nobody's phone, code, token or password (S17), and no value forges a line of them (S16): every address is
asked for with canaries and forgeries in every field that any form has.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal, reacting
from dovolen.desk.core.logs import Discreet
from dovolen.desk.core.models import Event
from dovolen.desk.shell.forms import WordedForm
from tests.desk import cast, estate, make
from tests.desk.test_access import as_somebody, routes

pytestmark = pytest.mark.django_db

PHONES = ("+7 997 318-27-45", "+79973182745", "8 (997) 318-27-45", "89973182745", "997-318-27-45")
EMAIL, PASSWORD, CODE = "tayna.kanareyki@example.org", "Tayna-Kanareyki-91", "731905"
TOKENS = ("Zk3vQ9sTb7LmX1pWc5RdYg", "kanareykaBezTsifrVAdrese", "Ym9keSBvZiBhIHRva2VuIG9mIDI0IGNoYXJz0")
"""Of 128 bits, without a digit, and a long one."""
SECRETS = ("3182745", "318-27-45", EMAIL, "tayna.kanareyki", PASSWORD, CODE, *TOKENS)
FORGED = "\r\n2026-11-22 00:00:00,000 INFO    1 dovolen.worker: \u202eвсё хорошо\x1b[2J\u2028\x85"
HEAD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ +\d+ [\w.]+: ")
STEERING = set("\r\x1b\u202e\u2028\x85\x0b\x0c")


@dataclass
class Heard:
    """What was logged while somebody listened: as it is written, and as it would be written without care."""

    written: io.StringIO
    raw: io.StringIO

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().split("\n")[:-1]

    def told(self, secrets: tuple[str, ...]) -> list[str]:
        return [line for line in self.lines if any(secret in line for secret in secrets)]


@contextmanager
def listening() -> Iterator[Heard]:
    heard = Heard(io.StringIO(), io.StringIO())
    with_care, without = logging.StreamHandler(heard.written), logging.StreamHandler(heard.raw)
    with_care.setFormatter(Discreet("%(message)s"))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.server")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel("INFO")
        logger.addHandler(with_care)
        logger.addHandler(without)
    try:
        yield heard
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.removeHandler(with_care)
            logger.removeHandler(without)


def fields() -> set[str]:
    """Names of all fields of all forms that pages have."""
    assert list(routes())  # loads them
    forms = [WordedForm]
    for form in forms:
        forms += form.__subclasses__()
    return {name for form in forms for name in form.base_fields}


def canary(name: str) -> str:
    """What is typed into a field: of its kind where the name tells it, else everything at once."""
    kinds = {"phone": PHONES[0], "email": EMAIL, "password": PASSWORD, "code": CODE, "token": TOKENS[0]}
    own = [value for kind, value in kinds.items() if kind in name]
    return own[0] if own else " ".join((*PHONES, EMAIL, PASSWORD, CODE, *TOKENS))


def forgery(name: str) -> str:
    return f"{name}{FORGED}"


def walk(client: Client, north: estate.Estate, typed: dict[str, str], headers: dict[str, str]) -> Counter[int]:
    """Every address is asked for and sent a form; gives the codes of the answers."""
    codes = Counter[int]()
    client.raise_request_exception = False  # a mistake of ours is logged, and its text is looked at too
    for pattern, _ in routes():
        address = north.address(pattern)
        if pattern.startswith("log-out"):
            continue
        with transaction.atomic():
            upload = SimpleUploadedFile(f"{typed['name']}.jpg", make.photo(), "image/jpeg")
            page = client.get(address, {"q": typed["name"], "phone": typed["phone"]}, headers=headers)
            done = client.post(address, {**typed, "photos": upload, "file": upload}, headers=headers)
            transaction.set_rollback(True)
        codes.update((page.status_code, done.status_code))
    return codes


def come_in(typed: dict[str, str]) -> int:
    """Flows of those who are not in: log-in, codes, invitations, keys to pages, all of them wrong."""
    asked = (
        "/log-in/",
        "/log-in/code/",
        "/first-run/",
        *(f"/{page}/{token}/" for page in ("invitation", "c") for token in TOKENS),
    )
    for address in asked:
        Client().get(address)
        Client().post(address, typed)
    return 2 * len(asked)


@pytest.fixture
def north() -> tuple[Staff, estate.Estate]:
    house = cast.full(now=timezone.now())
    made = estate.of(house.north, owner=house.people["technician.north"], by=cast.fresh(house.olga), mark="x")
    return cast.fresh(house.olga), made


@pytest.mark.base("sqlite")
def test_phones_codes_tokens_and_passwords_are_in_no_log_and_no_fact(
    north: tuple[Staff, estate.Estate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estate, "PHONE", PHONES[0])
    director, own = north
    typed = {name: canary(name) for name in fields() | {"name", "phone", "token", "code"}}
    with listening() as heard:
        person = make.person(by=director, name="Анна", phone=PHONES[0], centre=own.centre, now=timezone.now())
        now = timezone.now()
        make.order(by=director, centre=own.centre, customer=person, password=PASSWORD, promised_at=None, now=now)
        n = walk(as_somebody(director), own, typed, {"User-Agent": TOKENS[0]}).total() + come_in(typed)

    raw = heard.raw.getvalue()
    facts = json.dumps(list(Event.objects.values_list("facts", flat=True)), ensure_ascii=False)
    print(
        f"S17: {n} requests with {len(typed)} fields, {len(heard.lines)} lines of logs and {Event.objects.count()} facts searched "
        f"for {len(SECRETS)} canaries: {len(heard.told(SECRETS))} seen"
    )
    assert all(token in raw for token in TOKENS), "without care they would be seen"
    assert heard.told(SECRETS) == []
    assert [secret for secret in SECRETS if secret in facts] == []


def test_what_fails_in_a_worker_and_in_the_base_is_told_without_the_values_it_failed_at(director: Staff) -> None:
    told = " ".join((PHONES[1], EMAIL, TOKENS[0], TOKENS[2]))

    def refuse(event: Event, **_: object) -> None:
        raise RuntimeError(f"no gateway took {told} /c/{TOKENS[1]}/")

    with transaction.atomic():
        journal.record("test.failed", subject=director, by=None, at=timezone.now())
    with listening() as heard:
        reacting.react({"test.failed": [refuse]}, clock=timezone.now)
        try:
            with transaction.atomic():
                Staff.objects.create(login=director.login, name=PHONES[0])
        except IntegrityError:
            logging.getLogger("dovolen.worker").exception("the row of %s was refused", PHONES[2])

    assert sum(secret in heard.raw.getvalue() for secret in SECRETS) >= 5, "without care they would be seen"
    assert heard.told(SECRETS) == []
    assert any("no gateway took" in line for line in heard.lines)
    assert any("IntegrityError" in line for line in heard.lines)


@pytest.mark.base("sqlite")
def test_no_value_of_any_field_forges_a_line(north: tuple[Staff, estate.Estate]) -> None:
    director, own = north
    names = fields() | {"name", "phone"}
    typed = {name: forgery(name) for name in names}
    with listening() as heard:
        codes = walk(as_somebody(director), own, typed, {"User-Agent": "x", "Referer": "/"})
        Client(raise_request_exception=False).get("/no%0d%0a2026-11-22%2000:00:00,000%20INFO/")
        Client().get("/", headers={"Host": "evil.example"})
        for name in sorted(names):
            logging.getLogger("dovolen.worker").warning("not done: %s", forgery(name))
            logging.getLogger(f"dovolen.{name}").error("not done", exc_info=ValueError(forgery(name)))

    n_raw = heard.raw.getvalue().count("\n2026-11-22 00:00:00,000 INFO")
    forged = [line for line in heard.lines if line.startswith("2026-11-22 00:00:00,000")]
    strange = [line for line in heard.lines if not (HEAD.match(line) or line.startswith("    | "))]
    print(f"S16 logs: {codes.total()} requests, {len(names)} fields, {len(heard.lines)} lines: {len(forged)} forged")
    assert max(codes) < 500, "nonsense is refused"
    assert len(names) >= 30
    assert n_raw >= len(names), "without care they would be forged"
    assert forged == strange == []
    assert not STEERING & set(heard.written.getvalue())
