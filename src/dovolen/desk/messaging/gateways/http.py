"""A provider over HTTP, spoken to as its recipe says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from dovolen.desk.messaging.gateways import paths
from dovolen.desk.messaging.gateways.addresses import place_of, web_address
from dovolen.desk.messaging.gateways.letters import (
    FAILED,
    HAND_OVER,
    LATER,
    SENT,
    UNCLEAR,
    UNTRIED,
    Answer,
    Heard,
    Letter,
    Outcome,
    Report,
    Setup,
    Unreachable,
)
from dovolen.desk.messaging.gateways.recipes import (
    Asking,
    Hearing,
    Reading,
    Recipe,
    RecipeError,
    parsed,
    presets,
)

PATIENCE = httpx2.Timeout(15.0, connect=5.0)
TOO_SLOW = "the gateway is slow"
LONGEST_ANSWER = 1_000_000
NOT_NOW = (402, 425, 429, 503)
"""Money, haste, rest: nothing was taken, later it may be."""
NOT_US = (401, 403, 407)
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


def recipe_of(settings: Mapping[str, Any]) -> Recipe:
    """The recipe of a gateway: its own, else the preset it names. Raises: Unreachable where there is neither."""
    try:
        own = str(settings.get("recipe", ""))
        return parsed(own) if own else presets()[str(settings.get("preset", ""))]
    except (KeyError, RecipeError) as error:
        raise Unreachable(f"recipe: {error}", is_permanent=True) from error


@dataclass(frozen=True)
class _Said:
    """What a provider answered."""

    status: int
    told: Any

    @property
    def detail(self) -> str:
        return f"HTTP {self.status}"


class HttpDoor:
    """One connection that is kept open; no redirects, no proxies of the environment, answers of bounded size."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._recipe = recipe_of(setup.settings)
        self.prevents_doubles = self._recipe.prevents_doubles
        self.batch = self._recipe.send.batch
        self._client = httpx2.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False)

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Hand over one batch. A request that was refused as a whole is made anew for each letter alone."""
        asking = self._recipe.send
        said = self._asked(asking, letters)
        if isinstance(said, str):
            return [Outcome(letter.key, UNCLEAR, detail=said) for letter in letters]
        outcomes = [_outcome(asking, said, letter, self._places(letters, n)) for n, letter in enumerate(letters)]
        return self._one_by_one(letters) if len(letters) > 1 and 400 <= said.status < 500 else outcomes

    def _one_by_one(self, letters: Sequence[Letter]) -> list[Outcome]:
        until = time.monotonic() + HAND_OVER
        outcomes: list[Outcome] = []
        for letter in letters:
            is_late = time.monotonic() > until
            outcomes += [Outcome(letter.key, UNTRIED, detail=TOO_SLOW)] if is_late else self.send([letter])
        return outcomes

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """What the provider knows; nothing where it cannot be asked, or only by a reference that is not there."""
        asking = self._recipe.ask
        if asking is None:
            return [None] * len(letters)
        answers: dict[str, Outcome | None] = {}
        askable = [letter for letter in letters if letter.ref or not asking.wants_ref]
        for first in range(0, len(askable), asking.batch):
            answers |= self._known(asking, askable[first : first + asking.batch])
        return [answers.get(letter.key) for letter in letters]

    def hear(self, _take: Callable[[Heard], None]) -> int:
        """A provider calls our own address instead: see `heard_in`."""
        return 0

    def close(self) -> None:
        """Leave."""
        self._client.close()

    def _known(self, asking: Asking, letters: Sequence[Letter]) -> dict[str, Outcome | None]:
        said = self._asked(asking, letters)
        if isinstance(said, str) or said.status >= 500:
            raise Unreachable(said if isinstance(said, str) else said.detail)
        found: dict[str, Outcome | None] = {}
        for n, letter in enumerate(letters):
            places = self._places(letters, n)
            _check_whole(asking.whole, said, places)
            code = paths.found(said.told, asking.answer.code, places)
            if not code:
                raise Unreachable(said.detail)
            state = asking.answer.state(code) or SENT  # a code that stands for nothing: it is known, no more
            detail = _told(code, said, asking.answer, places)
            found[letter.key] = None if state == "unknown" else Outcome(letter.key, state, letter.ref, detail)
        return found

    def _asked(self, asking: Asking, letters: Sequence[Letter]) -> _Said | str:
        """The answer, or why nobody knows whether the request was done. Raises: Unreachable where it surely was not."""
        places = self._places(letters, 0)
        url = paths.filled(asking.url, places)
        host, port = web_address(url)
        number = place_of(host, port)
        body = paths.filled(asking.fields, places)
        if asking.each_in:
            body[asking.each_in] = [paths.filled(asking.each, self._places(letters, n)) for n in range(len(letters))]
        request = self._client.build_request(
            "GET" if asking.way == "query" else "POST",
            httpx2.URL(url).copy_with(host=number),
            headers={"Host": urlsplit(url).netloc, **paths.filled(asking.headers, places)},
            extensions={"sni_hostname": host},
            **{_ARGUMENT[asking.way]: body},
        )
        auth = httpx2.BasicAuth(places["login"], self._setup.secret) if asking.is_basic else None
        try:
            return self._said(request, auth)
        except NEVER_SENT as error:
            raise Unreachable(f"{host}: {type(error).__name__}") from error
        except httpx2.HTTPError as error:
            return f"{host}: {type(error).__name__}"

    def _said(self, request: httpx2.Request, auth: httpx2.Auth | None) -> _Said | str:
        until = time.monotonic() + HAND_OVER
        answer = self._client.send(request, auth=auth, stream=True)
        try:
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LONGEST_ANSWER or time.monotonic() > until:
                    return "an answer without end"
        finally:
            answer.close()
        if answer.status_code in NOT_US:
            raise Unreachable(f"HTTP {answer.status_code}", is_permanent=True)
        if 300 <= answer.status_code < 400:
            raise Unreachable(f"HTTP {answer.status_code}: it is elsewhere", is_permanent=True)
        if answer.status_code in NOT_NOW:
            raise Unreachable(f"HTTP {answer.status_code}")
        return _Said(answer.status_code, told_by(body))

    def _places(self, letters: Sequence[Letter], n: int) -> dict[str, str]:
        letter = letters[n]
        return {
            "address": letter.address,
            "digits": letter.address.removeprefix("+"),
            "text": letter.text,
            "subject": letter.subject,
            "key": letter.key,
            "ref": letter.ref,
            "refs": ",".join(each.ref for each in letters),
            "keys": ",".join(each.key for each in letters),
            "sender": letter.sender or self._setup.sender,
            "login": str(self._setup.settings.get("login", "")),
            "secret": self._setup.secret,
            "reports": str(self._setup.settings.get("reports", "")),
            "n": str(n),
        }


_ARGUMENT = {"form": "data", "json": "json", "query": "params"}


def _outcome(asking: Asking, said: _Said, letter: Letter, places: Mapping[str, str]) -> Outcome:
    """What the answer says of one letter: the whole refused, then its own code, then whether it got a reference."""
    _check_whole(asking.whole, said, places)
    own = asking.answer
    code = paths.found(said.told, own.code, places)
    ref = paths.found(said.told, own.ref, places)
    state = own.state(code)
    if not state and said.status >= 500:
        state = UNCLEAR
    if not state and (code or said.status >= 400):
        state = FAILED
    if not state:
        state = SENT if ref else UNCLEAR
    if state == SENT:
        return Outcome(letter.key, SENT, ref)
    return Outcome(letter.key, state, detail=_told(code, said, own, places))


def _check_whole(whole: Reading, said: _Said, places: Mapping[str, str]) -> None:
    """Raises: Unreachable where the answer says that the request as a whole was not taken."""
    code = paths.found(said.told, whole.code, places)
    state = whole.state(code)
    if code and state != SENT and (state or whole.sent):
        raise Unreachable(_told(code, said, whole, places), is_permanent=state != LATER)


def _told(code: str, said: _Said, reading: Reading, places: Mapping[str, str]) -> str:
    return " ".join(filter(None, (code or said.detail, paths.found(said.told, reading.detail, places))))


def told_by(body: bytes) -> Any:
    """JSON as it is; anything else is nothing that could be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class Call:
    """What came to the address of a gateway."""

    query: str = ""
    media_type: str = ""
    body: bytes = field(default=b"", repr=False)

    def told(self) -> Any:
        """The body as a table: JSON, or a form; else what stands in the address."""
        if self.media_type == "application/json" or self.body[:1] in (b"{", b"["):
            return told_by(self.body)
        form = self.body.decode("utf-8", "replace") if self.body else self.query
        return paths.as_table(parse_qsl(form, keep_blank_values=True, max_num_fields=2000))


def heard_in(recipe: Recipe, call: Call) -> tuple[list[Heard], str]:
    """Reports and answers in a call, and what the provider wants to hear back. Raises: ValueError: none of it is."""
    told = call.told()
    if told is None or not (recipe.reports or recipe.answers):
        raise ValueError("nothing that this gateway's recipe reads")
    hearings = [hearing for hearing in (recipe.reports, recipe.answers) if hearing]
    found = [_one(hearing, part) for hearing in hearings for part in _parts(hearing, told)]
    return [heard for heard in found if heard], hearings[0].reply


def _parts(hearing: Hearing, told: Any) -> list[Any]:
    found = paths.walked(told, hearing.items) if hearing.items else told
    several = found if isinstance(found, list) else [found]
    parts = [part.split("\n") if hearing.lines and isinstance(part, str) else part for part in several]
    return [part for part in parts if all(paths.found(part, path) == word for path, word in hearing.where.items())]


def _one(hearing: Hearing, part: Any) -> Heard | None:
    if hearing.text:
        ref, address = paths.found(part, hearing.ref), paths.found(part, hearing.address)
        text = paths.found(part, hearing.text)
        return Answer(ref, address, text) if ref and address and text else None
    reading = hearing.reading
    state = reading.state(paths.found(part, reading.code))
    ref, key = paths.found(part, reading.ref), paths.found(part, reading.key)
    if not state or not (ref or key):
        return None
    told = (paths.found(part, reading.code), paths.found(part, reading.detail))
    return Report(state, ref, key, " ".join(filter(None, told)))
