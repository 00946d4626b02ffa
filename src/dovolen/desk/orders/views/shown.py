"""The order page in words and shapes: what components take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from dovolen.desk.core import words
from dovolen.desk.core.templatetags.words import lasting, share, when, when_due
from dovolen.desk.messaging import shown as messaging
from dovolen.desk.orders import queries
from dovolen.desk.orders.models import CLIENT, CLOSED, PART, READY, REPAIRED, TOLD, WORK, RepairOrder
from dovolen.desk.orders.queries.course import AHEAD, DONE, NOW, OVER, PASSED, Step
from dovolen.desk.orders.queries.page import OrderPage
from dovolen.desk.orders.queries.timeline import TALK

CHIPS = {
    WORK: ("tool", "fair"), CLIENT: ("hourglass", "warn"), PART: ("package-import", "warn"),
    READY: ("circle-check", "good"), TOLD: ("checks", "good"), CLOSED: ("check", "line"),
}  # fmt: skip
"""Phase → icon, tone."""
SURE = 0.8
KEYS = (("T", "promise"), ("→", "next"), ("+", "line"), ("C", "call"), ("P", "print"))
PICTURES = {DONE: "check", OVER: "clock-exclamation", NOW: "hourglass"}


def chip_of(order: RepairOrder) -> dict[str, str]:
    """The stage of an order as a chip; a closed one says how it ended."""
    if order.phase == CLOSED and order.outcome != REPAIRED:
        return {"text": words.current().name("orders.outcome", order.outcome), "picture": "x", "tone": ""}
    if order.stage.code == "accepted":
        return {"text": queries.stage_name(order.stage).lower(), "picture": "clipboard-plus", "tone": ""}
    picture, tone = CHIPS[order.phase]
    return {"text": queries.stage_name(order.stage).lower(), "picture": picture, "tone": tone}


def keys_shown() -> list[tuple[str, str]]:
    """Keys of the order page and what they do, for the list behind «?»."""
    return [(key, words.say(f"order_page.key.{name}")) for key, name in KEYS]


def steps_shown(page: OrderPage) -> list[dict[str, str]]:
    """Steps as the component takes them: when entered, how long against the norm."""
    return [_step(step) for step in page.way]


def _step(step: Step) -> dict[str, str]:
    shown = {"text": queries.stage_name(step.stage), "state": step.state, "picture": PICTURES.get(step.state, "")}
    if step.state in (AHEAD, PASSED):
        said = words.say("order_page.step.norm", norm=lasting(step.norm)) if step.norm and step.state == AHEAD else ""
        return shown | {"detail": words.say("order_page.step.passed") if step.state == PASSED else said}
    spent = lasting(step.spent)
    if step.norm and step.stage.phase != CLOSED:
        spent = words.say("order_page.step.spent", spent=spent, norm=lasting(step.norm))
    tone = "warn" if step.state == NOW else "bad"
    is_bare = step.stage.phase == CLOSED
    return shown | {
        "detail": when(step.entered_at),
        "more": "" if is_bare else spent,
        "tone": tone if step.is_over and not is_bare else "",
    }


def moments(page: OrderPage, group: str) -> list[dict[str, Any]]:
    """What happened and what was said, as the timeline component takes it, the latest first."""
    told = [one for one in page.moments if not group or one.group == group]
    spoken = [(one.at, messaging.line(one)) for one in page.said if group in ("", TALK)]
    return [shown for _, shown in sorted([*_happened(told), *spoken], key=lambda one: one[0], reverse=True)]


def _happened(told: Iterable[queries.Moment]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Events in words; the same thing done several times over is said once."""
    for (fact, by, text), run in groupby(told, key=lambda one: (str(one), one.by, one.text)):
        found = list(run)
        latest = found[0]
        yield (
            latest.at,
            {
                "picture": latest.icon,
                "fact": words.say("order_page.several", fact=fact, n=len(found)) if len(found) > 1 else fact,
                "about": " · ".join(filter(None, [when(latest.at), by.name if by else ""])),
                "text": text,
                "bad": words.say("order_page.after_break") if latest.is_bad else "",
            },
        )


@dataclass(frozen=True)
class Dates:
    """Dates that may be promised, in words; `best` is the one to begin with."""

    options: list[tuple[datetime, str]]
    best: str


def dates_shown(page: OrderPage, options: Iterable[queries.Option]) -> Dates:
    """Dates that may be promised, each with how often it would have been kept; one reckoned from a part comes first.

    To begin with stands the reckoned one, else the earliest that held in four cases of five.
    """
    shown: dict[datetime, str] = {}
    reckoned = page.outlook.ready_at if page.outlook.part_at else None
    if reckoned:
        shown[reckoned] = words.say("order_page.promise.reckoned", at=when_due(reckoned))
    later = [option for option in options if not reckoned or option.at > reckoned]
    for option in later:
        shown[option.at] = _option(option)
    sure = [option.at for option in later if option.share is None or option.share >= SURE]
    best = reckoned or next(iter(sure), None)
    return Dates(list(shown.items()), best.isoformat() if best else "")


def _option(option: queries.Option) -> str:
    at = when_due(option.at)
    if option.share is None:
        return at
    return words.say("order_page.promise.share", at=at, share=share(option.share), n=option.n)
