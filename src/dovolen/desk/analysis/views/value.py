"""What clients are worth: on whom the money rests, what is left of it, who pays back, what to expect, who may grow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import drill, named
from dovolen.desk.analysis.views.shown import RIGHT, Lack, Shown, page
from dovolen.desk.core.access import may

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card

Keys = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Part:
    """One part of the chapter: key figures, panels, and panels shown only where there is something in them."""

    name: str
    figures: tuple[str, ...]
    keys: Keys
    extra: Keys = ()


PARTS = (
    Part(
        "money",
        ("base.revenue", "base.top1_revenue_share", "base.top20_revenue_share", "value.margin", "value.profitability"),
        (("value.curve", 7), ("value.abc", 5), ("value.keys", 12), ("value.key_names", 12)),
    ),
    Part(
        "profit",
        ("value.margin", "value.profitability", "value.without_costs"),
        (("value.repair", 12), ("value.class", 6), ("value.customer_kind", 6), ("value.category", 6),
         ("value.technician", 6)),
        (("value.campaign", 12),),
    ),
    Part(
        "payback",
        ("value.acquisition_cost", "value.retention_cost"),
        (("value.cohort_months", 12), ("value.cohorts", 12), ("value.retention_cost", 6), ("value.acquisition", 6)),
    ),
    Part(
        "ahead",
        ("value.money_ahead", "value.visits_ahead"),
        (("value.ahead", 12), ("value.names", 12), ("value.models", 12), ("value.money", 12)),
        (("value.expected.person", 6), ("value.expected.company", 6), ("value.expected.unknown", 12),
         ("value.expected.all", 12), ("value.bins", 12)),
    ),
    Part(
        "growth",
        ("value.assets_unserved",),
        (("value.growth", 12), ("value.pairs", 12), ("value.referrals", 12)),
        (("value.clients", 12),),
    ),
)  # fmt: skip
KINDS = ("false", "hidden", "true")


@dataclass(frozen=True)
class Tab:
    """A part, or a kind of key clients, with its address."""

    name: str
    url: str
    is_current: bool
    n: int | None = None


@may(RIGHT)
@require_safe
def value(request: HttpRequest) -> HttpResponse:
    """One part of what clients are worth."""
    asked = request.GET.get("part", "")
    part = next((one for one in PARTS if one.name == asked), PARTS[0])
    return page(
        request, "analysis/value.html", "value", keys=() if part.name == "money" else part.keys, figures=part.figures,
        fill=lambda seen: _filled(seen, part), part=part.name,
    )  # fmt: skip


def _filled(seen: Shown, part: Part) -> dict[str, Any]:
    there = [(key, wide) for key, wide in part.extra if key in seen.open_study.sheets]
    filled: dict[str, Any] = {
        "parts": [Tab(one.name, _address(seen, part=one.name), one is part) for one in PARTS],
        "extra": named.by_name(seen.panels(there), seen.person),
    }
    return filled | (_money(seen, part) if part.name == "money" else {})


def _money(seen: Shown, part: Part) -> dict[str, Any]:
    """On whom the money rests: a letter by revenue leads to its clients, one by margin has no list of its own."""
    cards = seen.panels(part.keys)
    return {"panels": [card if isinstance(card, Lack) else _lettered(card) for card in cards], **_keys(seen)}


def _lettered(card: Card) -> Card:
    if card.panel.key != "value.abc":
        return card
    told = zip(card.rows, card.panel.table.records, strict=True)
    rows = [row if record.get("measure") == "revenue" else replace(row, url="") for row, record in told]
    return named.led_by(replace(card, rows=rows), "abc")


def _address(seen: Shown, **params: str) -> str:
    told = {name: text for name, text in params.items() if text not in (PARTS[0].name, "")}
    query = "&".join(filter(None, [drill.address(**told), seen.query]))
    return f"{reverse('value')}{f'?{query}' if query else ''}"


def _keys(seen: Shown) -> dict[str, Any]:
    """Key clients by name, of one kind at a time."""
    sheet = seen.open_study.sheets.get("value.key_names")
    if sheet is None or not sheet.rows:
        return {}
    place = sheet.column("key_kind")
    count = {kind: sum(row[place] == kind for row in sheet.rows) for kind in KINDS}
    asked = seen.request.GET.get("key", "")
    kind = asked if count.get(asked) else next((one for one in KINDS if count[one]), KINDS[0])
    rows = [row for row in sheet.rows if row[place] == kind]
    return {
        "key_names": _named(seen, replace(sheet, rows=rows, n=len(rows))),
        "kinds": [Tab(one, _address(seen, key=one) + "#keys", one == kind, count[one]) for one in KINDS if count[one]],
    }


def _named(seen: Shown, sheet: Any) -> Card | None:
    from dovolen.insight.panels import planned
    from dovolen.insight.results import Part as Some

    found = planned(Some(seen.open_study.meta, {sheet.key: sheet}), sheet.key, 12, seen.printer)
    if found is None:
        return None
    card = drill.linked(found, seen.printer, seen.scope_key, day=seen.day)
    [shown] = named.by_name([card], seen.person, hidden=("key_kind",))
    return shown  # type: ignore[no-any-return]
