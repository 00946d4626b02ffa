"""Satisfaction: how it is spread, what takes it away, whether it is true – and the orders behind every figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import named, opened
from dovolen.desk.analysis.views.shown import RIGHT, Lack, Shown, page
from dovolen.desk.core.access import may
from dovolen.desk.orders.models import RepairOrder

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card

ORDERS, CUSTOMERS = "see orders", "see customers"
FIGURES = (
    "satisfaction.mean", "satisfaction.low_share", "satisfaction.eligible", "satisfaction.answered",
    "satisfaction.coverage",
)  # fmt: skip
WEAK = {
    "facts": "satisfaction.facts", "slow_stage": "satisfaction.by_slow_stage",
    "technician": "satisfaction.by_technician", "advisor": "satisfaction.by_advisor",
    "category": "satisfaction.by_category", "centre": "satisfaction.by_centre", "months": "satisfaction.months",
}  # fmt: skip
"""What the weak points are taken apart by."""
UNHAPPY = ("satisfaction.low", "satisfaction.slips")
CALLED = 12
"""Rows of a list of those to be called."""
CHECK = (
    ("self_check.labels", 7), ("self_check.agreement", 5), ("self_check.probability", 12), ("self_check.deciles", 5),
    ("self_check.months", 7), ("self_check.facts", 12), ("self_check.stability", 12), ("self_check.trials", 12),
    ("self_check.card", 12),
)  # fmt: skip
STEP_BY_STEP = ("self_check.facts", "self_check.card")
TONES = {"predicts": ("good", "circle-check"), "nothing": ("warn", "alert-triangle"),
         "reversed": ("bad", "alert-octagon")}  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """One way to take the weak points apart."""

    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the score is true: in a word, in a sentence, by kind of outcome."""

    word: str
    tone: str
    picture: str
    sentence: str
    labels: list[dict[str, Any]]


@may(RIGHT)
@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    """The spread of scores, what takes points away, whom to call, whether it is all true."""
    return page(request, "analysis/satisfaction.html", "satisfaction", figures=FIGURES, fill=_filled)


def _filled(seen: Shown) -> dict[str, Any]:
    by = seen.request.GET.get("by", "")
    there = [name for name, key in WEAK.items() if key in seen.open_study.sheets]
    by = by if by in there else "facts"
    return {
        "spread": of_orders(seen, "satisfaction.distribution", 7),
        "weak": of_orders(seen, WEAK[by]),
        "by": by,
        "tabs": [Tab(name, _tab(seen, name), name == by) for name in there],
        "verdict": verdict(seen),
        "unhappy": [made for key in UNHAPPY if (made := _unhappy(seen, key))] if seen.person.may(CUSTOMERS) else [],
        "classes": seen.panel("satisfaction.by_class", 12),
        "card": _once(seen.panel("satisfaction.card", 12)),
        "sees_orders": seen.person.may(ORDERS),
    }


def _once(card: Card | Lack) -> Card | Lack:
    return card if isinstance(card, Lack) else named.said_once(card)


def _tab(seen: Shown, by: str) -> str:
    told = "&".join(filter(None, [f"by={by}" if by != "facts" else "", seen.query]))
    return f"{reverse('satisfaction')}{f'?{told}' if told else ''}"


def of_orders(seen: Shown, key: str, wide: int = 12) -> Card | Lack:
    """A panel of satisfaction: its rows and the parts of its chart lead to scored orders, for who sees orders."""
    from dovolen.insight.panels import planned

    found = planned(seen.open_study, key, wide, seen.printer)
    if found is None:
        return seen.panel(key, wide)
    centres = dict(Centre.objects.values_list("name", "pk")) if key == "satisfaction.by_centre" else {}
    card = opened.linked(found, seen.printer, centres, scope=seen.scope_key, day=seen.day)
    return card if seen.person.may(ORDERS) else opened.bare(card)


@dataclass(frozen=True)
class Unhappy:
    """Clients to be called about an order of theirs."""

    key: str
    title: str
    rule: str
    footer: str
    n: int
    rows: list[dict[str, Any]]
    more: str
    none: str
    none_text: str
    tasks_url: str
    """Where the list becomes tasks."""


def _unhappy(seen: Shown, key: str) -> Unhappy | None:
    """A list of those to be called, by their names of today; None where such a list cannot be made."""
    sheet, words = seen.open_study.sheets.get(key), seen.printer.words
    if sheet is None and "satisfaction.mean" not in seen.open_study.figures:
        return None
    records = sheet.records()[:CALLED] if sheet else []
    known = named.names((row.get("customer_id") for row in records), seen.person)
    orders = RepairOrder.objects.visible_to(seen.person)
    numbers = dict(orders.filter(pk__in=[row["order_id"] for row in records]).values_list("pk", "number"))
    n = len(sheet.rows) + sheet.cut if sheet else 0
    rows = [_called(seen, row, known, numbers) for row in records if row.get("customer_id") in known]
    none = "knowledge.unhappy.unseen" if n and not rows else "knowledge.unhappy.none"
    return Unhappy(
        key.partition(".")[2], words.say(f"sheet.{key}"), words.say(f"rule.{key}"),
        seen.printer.footer(sheet) if sheet else "", n, rows,
        words.say("knowledge.unhappy.more", n=words.number(n - len(rows))) if n > len(rows) else "",
        words.say(f"{none}.{key.partition('.')[2]}"), words.say(f"{none}_text"),
        f"{reverse('base_clients_tasks')}?{'&'.join(filter(None, [_picked(rows), seen.query]))}" if rows else "",
    )  # fmt: skip


def _picked(rows: list[dict[str, Any]]) -> str:
    return "&".join(f"pick={key}" for key in dict.fromkeys(row["key"] for row in rows))


def _called(seen: Shown, row: dict[str, Any], known: dict[int, str], numbers: dict[int, int]) -> dict[str, Any]:
    number = numbers.get(row["order_id"])
    return {
        "key": row["customer_id"],
        "name": known[row["customer_id"]],
        "url": reverse("customer", args=[row["customer_id"]]),
        "class_word": seen.printer.words.name("class", row["class"]),
        "number": number,
        "points_url": reverse("scored_order", args=[number]) if number else "",
        "day": row["done_date"],
        "score": row["satisfaction"],
        "why": seen.printer.reasons(row["reasons"] or ""),
        "technician": row["technician"] or "",
    }


def verdict(seen: Shown) -> Verdict | None:
    """What the self-check says; None where there is nothing to check by."""
    sheet, labels = (seen.open_study.sheets.get(f"self_check.{name}") for name in ("verdict", "labels"))
    if sheet is None or not sheet.rows:
        return None
    words, found = seen.printer.words, sheet.records()[0]["verdict"]
    tone, picture = TONES.get(found, ("", "info-circle"))
    return Verdict(
        words.name("check_label", found), tone, picture, words.name("check_verdict", found),
        [_label(seen, row) for row in labels.records()] if labels else [],
    )  # fmt: skip


def _label(seen: Shown, row: dict[str, Any]) -> dict[str, Any]:
    words = seen.printer.words
    told = row["pairs_right"] is not None
    return {
        "name": words.name("label", row["label"]),
        "value": words.number(100 * row["pairs_right"]) if told else "",
        "interval": f"{words.number(100 * row['low'])}–{words.number(100 * row['high'])}" if told else "",
        "n": row["labelled"],
        "rarer": row["rarer"],
        "said": words.name("check_label", row["verdict"]),
        "tone": TONES.get(row["verdict"], ("", ""))[0],
    }


@may(RIGHT)
@require_safe
def self_check(request: HttpRequest) -> HttpResponse:
    """Whether the score is true, told by what clients answered, complained of and did later."""
    return page(request, "analysis/self_check.html", "self_check", figures=("self_check.auc",), fill=_checked)


def _checked(seen: Shown) -> dict[str, Any]:
    found = zip(CHECK, seen.panels(CHECK), strict=True)
    cards = [_once(card) if key in STEP_BY_STEP else card for (key, _), card in found]
    return {"verdict": verdict(seen), "panels": cards}
