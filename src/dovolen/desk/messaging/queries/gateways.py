"""Gateways with how they are, and the telephones that the console gateway plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.models import Mark
from dovolen.desk.messaging.gateways import DOORS, Unreachable
from dovolen.desk.messaging.gateways.http import recipe_of
from dovolen.desk.messaging.gateways.letters import BY_NOTHING
from dovolen.desk.messaging.gateways.recipes import presets
from dovolen.desk.messaging.models import CONSOLE, EMAIL, HTTP, Gateway, Incoming, Message

WENT = ("sent", "delivered", "read")
LATEST = 300
"""Messages that are looked at for telephones."""
MOST_PHONES, MOST_BUBBLES = 30, 60


@dataclass(frozen=True)
class Standing:
    """A gateway, and how it was when it was last used."""

    gateway: Gateway
    is_in_use: bool
    """Messages of its channel go by it."""
    is_well: bool | None = None
    """None: never used."""
    detail: str = ""
    at: datetime | None = None

    @property
    def provider(self) -> str:
        """Who it is, where a preset says so."""
        preset = presets().get(str(self.gateway.settings.get("preset", "")))
        return preset.name if preset else ""


def standings() -> list[Standing]:
    """All gateways in their order, by two questions."""
    gateways = list(Gateway.objects.all())
    marks = Mark.objects.in_bulk([f"gateway.{one.pk}" for one in gateways])
    used: set[str] = set()
    found = []
    for one in gateways:
        is_in_use = one.is_on and one.channel not in used
        used |= {one.channel} if is_in_use else set()
        found.append(_standing(one, marks.get(f"gateway.{one.pk}"), is_in_use=is_in_use))
    return found


def _standing(gateway: Gateway, mark: Mark | None, *, is_in_use: bool) -> Standing:
    if mark is None:
        return Standing(gateway, is_in_use)
    return Standing(gateway, is_in_use, bool(mark.facts.get("is_well")), str(mark.facts.get("detail", "")), mark.at)


def prevents_doubles(gateway: Gateway) -> str:
    """How its door keeps a letter from going twice."""
    if gateway.kind != HTTP:
        return str(getattr(DOORS[gateway.kind], "prevents_doubles", BY_NOTHING))
    try:
        return recipe_of(gateway.settings).prevents_doubles
    except Unreachable:
        return BY_NOTHING


def hears_by_http(gateway: Gateway) -> bool:
    """Whether its provider tells reports or answers to an address of ours."""
    if gateway.kind != HTTP:
        return False
    try:
        recipe = recipe_of(gateway.settings)
    except Unreachable:
        return False
    return bool(recipe.reports or recipe.answers)


# ── Telephones ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bubble:
    """One message on a telephone."""

    at: datetime
    text: str
    is_ours: bool
    subject: str = ""
    sender: str = ""


@dataclass
class Phone:
    """A number or mailbox to which the console gateway sent."""

    address: str
    channel: str
    name: str
    gateway: Gateway
    latest: Bubble
    bubbles: list[Bubble] = field(default_factory=list)

    @property
    def is_mailbox(self) -> bool:
        """Letters, not bubbles."""
        return self.channel == EMAIL


def phones(staff: Staff, address: str = "") -> list[Phone]:
    """Telephones that he may look at, the latest first; the one of `address`, or the first, with what is on it."""
    rows = Message.objects.visible_to(staff).filter(gateway__kind=CONSOLE, state__in=WENT)
    found: dict[str, Phone] = {}
    for row in rows.select_related("gateway", "customer").order_by("-pk")[:LATEST]:
        if row.address not in found and len(found) < MOST_PHONES and row.gateway:
            found[row.address] = Phone(row.address, row.channel, row.customer.name, row.gateway, _bubble(row))
    chosen = found.get(address) or next(iter(found.values()), None)
    if chosen:
        on_it = rows.filter(address=chosen.address).select_related("gateway").order_by("-pk")[:MOST_BUBBLES]
        came = Incoming.objects.visible_to(staff).filter(gateway__kind=CONSOLE, address=chosen.address)
        answers = [Bubble(one.at, one.text, is_ours=False) for one in came.order_by("-pk")[:MOST_BUBBLES]]
        chosen.bubbles = sorted([*map(_bubble, reversed(on_it)), *answers], key=lambda bubble: bubble.at)
    return list(found.values())


def _bubble(row: Message) -> Bubble:
    sender = row.gateway.sender if row.gateway else ""
    return Bubble(row.sent_at or row.state_at, row.text, is_ours=True, subject=row.subject, sender=sender)
