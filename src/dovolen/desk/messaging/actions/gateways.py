"""Gateways as the house has them: set up, switched, put first, tried."""

from __future__ import annotations

import secrets as tokens
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import changes, journal, locks, values, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging import pace
from dovolen.desk.messaging.doors import PURPOSE, door_of
from dovolen.desk.messaging.gateways import Letter, Outcome, Unreachable
from dovolen.desk.messaging.gateways.clean import address_of, one_line
from dovolen.desk.messaging.gateways.recipes import RecipeError, parsed, presets
from dovolen.desk.messaging.gateways.smtp import OPEN, STARTTLS, TLS
from dovolen.desk.messaging.models import CONSOLE, EMAIL, HTTP, SMPP, SMS, SMTP, Gateway

RIGHT = "set up gateways"
CHANNELS_OF = {CONSOLE: (SMS, EMAIL), HTTP: (SMS, EMAIL), SMPP: (SMS,), SMTP: (EMAIL,)}
SECURITY = (STARTTLS, TLS, OPEN)
RECEIPTS = ("same", "decimal", "hex")
MOST_A_SECOND, MOST_COST, HIGHEST_PORT = 1000, 10**7, 65535
LONGEST_SECRET = 500
TOKEN_BYTES = 32


class NameTaken(Refusal):
    """Another gateway bears this name."""

    key = "gateways.refused.name_taken"


class NoHost(Refusal):
    """A server has to be named."""

    key = "gateways.refused.no_host"


class NoSender(Refusal):
    """Letters need an address that they come from."""

    key = "gateways.refused.no_sender"


class BadRecipe(Refusal):
    """The recipe cannot be read; `fault` says why."""

    key = "gateways.refused.bad_recipe"


class NoAddress(Refusal):
    """What a trial goes to is no number, or no mailbox."""

    key = "gateways.refused.no_address"


@dataclass(frozen=True)
class Told:
    """What is set up of a gateway; the secret apart, for it is never shown."""

    name: str
    kind: str
    channel: str
    settings: Mapping[str, Any]
    sender: str = ""
    per_second: int = 10
    cost_per_part: int = 0

    def checked(self) -> dict[str, Any]:
        """As the row keeps it. Raises: a Refusal for what cannot be."""
        values.known(self.kind, tuple(CHANNELS_OF))
        return {
            "name": one_line(values.said(self.name, 60)),
            "channel": values.known(self.channel, CHANNELS_OF[self.kind]),
            "settings": _SETTINGS[self.kind](self.settings),
            "sender": _sender(self.kind, values.text(self.sender, 60)),
            "per_second": values.whole(self.per_second, MOST_A_SECOND, 1),
            "cost_per_part": values.whole(self.cost_per_part, MOST_COST),
        }


@transaction.atomic
def add_gateway(*, told: Told, secret: str, by: Staff, now: datetime) -> Gateway:
    """Another way out, behind the others: switched off until somebody has tried it.

    Raises: NotAllowed, NameTaken, NoHost, NoSender, BadRecipe and what values refuse. Leaves: `gateway.added`.
    """
    _require(by)
    kept = told.checked()
    _check_name(kept["name"], None)
    last = Gateway.objects.aggregate(last=Max("position"))["last"] or 0
    gateway = Gateway.objects.create(
        kind=told.kind, secret=_locked(secret), report_token=tokens.token_urlsafe(TOKEN_BYTES), position=last + 1,
        is_on=False, **kept,
    )  # fmt: skip
    journal.record("gateway.added", subject=gateway, by=by, at=now, way=told.kind, channel=told.channel)
    return gateway


@transaction.atomic
def change_gateway(*, gateway: Gateway, seen: int, told: Told, secret: str, by: Staff, now: datetime) -> None:
    """Set it up otherwise; an empty secret leaves the one that is kept.

    Raises: as `add_gateway`, and Stale. Leaves: `gateway.changed` with the names of what changed.
    """
    _require(by)
    kept = told.checked()
    _check_name(kept["name"], gateway)
    if secret:
        kept["secret"] = _locked(secret)
    if changed := changes.change(gateway, seen=seen, **kept):
        journal.record("gateway.changed", subject=gateway, by=by, at=now, changed=changed)


@transaction.atomic
def switch_gateway(*, gateway: Gateway, on: bool, by: Staff, now: datetime) -> None:
    """Let messages go by it, or no more; what waits goes by the next one of its channel.

    Raises: NotAllowed. Leaves: `gateway.switched`.
    """
    _require(by)
    if Gateway.objects.filter(pk=gateway.pk).exclude(is_on=on).update(is_on=on):
        journal.record("gateway.switched", subject=gateway, by=by, at=now, on=on)


@transaction.atomic
def put_first(*, gateway: Gateway, by: Staff, now: datetime) -> None:
    """Messages of its channel go by this one. Raises: NotAllowed. Leaves: `gateway.put_first`."""
    _require(by)
    others = list(Gateway.objects.select_for_update().exclude(pk=gateway.pk))
    for position, one in enumerate([gateway, *others]):
        Gateway.objects.filter(pk=one.pk).update(position=position)
    journal.record("gateway.put_first", subject=gateway, by=by, at=now, channel=gateway.channel)


@transaction.atomic
def renew_report_address(*, gateway: Gateway, by: Staff, now: datetime) -> None:
    """Another address for reports: whoever knew the old one tells us nothing more.

    Raises: NotAllowed. Leaves: `gateway.report_address_renewed`.
    """
    _require(by)
    gateway.report_token = tokens.token_urlsafe(TOKEN_BYTES)
    Gateway.objects.filter(pk=gateway.pk).update(report_token=gateway.report_token)
    journal.record("gateway.report_address_renewed", subject=gateway, by=by, at=now)


def try_gateway(*, gateway: Gateway, address: str, by: Staff, now: datetime) -> Outcome:
    """Send one message to an address of one's own, past the outbox, and say what became of it.

    Not in a transaction: the way may take its time.
    Raises: NotAllowed, NoAddress, Unreachable. Leaves: `gateway.tried`.
    """
    _require(by)
    if address_of(gateway.channel, address) is None:
        raise NoAddress
    letter = Letter(
        key=str(uuid4()), channel=gateway.channel, address=address, subject=words.say("gateways.trial_subject"),
        text=words.say("gateways.trial_text", name=gateway.name), sender=gateway.sender,
    )  # fmt: skip
    state = "unreachable"
    try:
        with door_of(gateway) as door:
            outcome = door.send([letter])[0]
        state = outcome.state
        pace.well(gateway, now=now)
    except Unreachable as error:
        pace.rest(gateway, error, now=now)
        raise
    finally:
        with transaction.atomic():
            journal.record("gateway.tried", subject=gateway, by=by, at=now, state=state)
    return outcome


def _require(by: Staff) -> None:
    if not by.may(RIGHT):
        raise NotAllowed


def _check_name(name: str, gateway: Gateway | None) -> None:
    others = Gateway.objects.exclude(pk=gateway.pk) if gateway else Gateway.objects.all()
    if others.filter(name=name).exists():
        raise NameTaken


def _locked(secret: str) -> str:
    told = one_line(values.text(secret, LONGEST_SECRET), LONGEST_SECRET)
    return locks.lock(PURPOSE, told) if told else ""


def _sender(kind: str, text: str) -> str:
    sender = one_line(text)
    if kind == SMTP and address_of(EMAIL, parseaddr(sender)[1]) is None:
        raise NoSender
    return sender


def _of_http(told: Mapping[str, Any]) -> dict[str, Any]:
    recipe = values.text(str(told.get("recipe", "")), 20_000).replace("\r\n", "\n")
    try:
        if recipe:
            parsed(recipe)
    except RecipeError as error:
        raise BadRecipe(fault=str(error)) from error
    preset = str(told.get("preset", ""))
    if not recipe:
        values.known(preset, tuple(presets()))
    return {"preset": preset if preset in presets() else "", "recipe": recipe, "login": _login(told)}


def _of_smpp(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_server(told, 2775),
        "login": _login(told),
        "system_type": one_line(values.text(str(told.get("system_type", "")), 12)),
        "tls": bool(told.get("tls")),
        "receipts": values.known(str(told.get("receipts") or RECEIPTS[0]), RECEIPTS),
    }


def _of_smtp(told: Mapping[str, Any]) -> dict[str, Any]:
    security = values.known(str(told.get("security") or STARTTLS), SECURITY)
    return {**_server(told, 0), "login": _login(told), "security": security}


def _server(told: Mapping[str, Any], port: int) -> dict[str, Any]:
    host = one_line(str(told.get("host", "")), 253)
    if not host or set(host) & set("/@ "):
        raise NoHost
    return {"host": host.lower(), "port": values.whole(told.get("port") or port, HIGHEST_PORT)}


def _login(told: Mapping[str, Any]) -> str:
    return one_line(values.text(str(told.get("login", "")), 120))


_SETTINGS = {CONSOLE: lambda _told: {}, HTTP: _of_http, SMPP: _of_smpp, SMTP: _of_smtp}
