"""The orders behind a figure of satisfaction, and the points of each of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import points
from dovolen.desk.analysis.models import OrderScore, StudySheet
from dovolen.desk.analysis.packing import unpacked
from dovolen.desk.analysis.queries import scored as queries
from dovolen.desk.analysis.queries.scored import ANSWERED, SORTS, UNKNOWN, ScoreFilter
from dovolen.desk.analysis.views.shown import RIGHT, Shown, page
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders.models import RepairOrder

ORDERS = "see orders"
CONDITIONS = ("fact", "band", "technician", "advisor", "category", "stage", "month", "centre")
LOST = 3
"""Reasons that stand in a row of the list."""


@may(RIGHT)
@require_safe
def scored_orders(request: HttpRequest) -> HttpResponse:
    """Scored orders, asked for by what cost them points, where and with whom."""
    asked = ScoreFilter.of(request.GET)
    return page(
        request, "analysis/scored_orders.html", "scored_orders", fill=lambda seen: _listed(seen, asked), asked=asked,
    )  # fmt: skip


def _listed(seen: Shown, asked: ScoreFilter) -> dict[str, Any]:
    snapshot, person = seen.snapshot, seen.person
    assert snapshot is not None
    if not person.may(ORDERS):
        return {"is_closed": True}
    cut = int(seen.study.meta["config"].get("offer_cut", 49))
    found = queries.scored_page(asked, snapshot, person, seen.request.GET.get("cursor", ""), cut=cut)
    since, until = queries.period(asked, snapshot.day)
    return {
        "rows": [_row(row) for row in found.rows],
        "later": _address(seen, asked.query, found.later) if found.later else "",
        "conditions": _conditions(seen, asked, cut),
        "sorts": [(words.say(f"knowledge.orders.sort.{one}"), _address(seen, asked.sorted_by(one)), one == asked.sort)
                  for one in SORTS],
        "period": words.say("knowledge.orders.period", period=words.current().period(since, until)),
        "has_many_centres": len(person.centre_ids(ORDERS)) > 1,
        "all_url": _address(seen, ""),
        "is_of_house": snapshot.centre_id is not None,
    }  # fmt: skip


def _address(seen: Shown, query: str, cursor: str = "") -> str:
    told = "&".join(filter(None, [query, f"cursor={cursor}" if cursor else "", seen.query]))
    return f"{reverse('scored_orders')}{f'?{told}' if told else ''}"


def _row(row: OrderScore) -> dict[str, Any]:
    order, facts = row.order, row.lost.split()
    kind = order.category.name if order.category else words.say("lists.no_device")
    past = getattr(order, "past", None) if order.is_past else None
    technician = (past.technician if past else "") or (order.technician.name if order.technician else "")
    return {
        "score": None if row.is_unsure else row.score,
        "is_answer": row.score_from == "answer",
        "order": order,
        "what": str(order.asset) if order.asset else kind,
        "closed": row.scored_on or row.accepted_on,
        "lost": [words.current().name("fact_short", fact) for fact in facts[:LOST]],
        "more": max(0, len(facts) - LOST),
        "technician": technician,
    }


def _conditions(seen: Shown, asked: ScoreFilter, cut: int) -> list[dict[str, str]]:
    """What the list is narrowed by, each with the address of the list without it."""
    return [
        {"text": _condition(name, value, cut), "url": _address(seen, asked.without(name))}
        for name in CONDITIONS
        if (value := getattr(asked, name))
    ]


def _condition(name: str, value: str, cut: int) -> str:
    speaker = words.current()
    if name == "band":
        if value.isdigit():
            return speaker.say("knowledge.band.points", low=value, high=int(value) + 9)
        return speaker.say(f"knowledge.band.{value}", cut=cut)
    told = speaker.say("knowledge.condition.unknown") if value == UNKNOWN else _named(name, value)
    return speaker.say(f"knowledge.condition.{name}", value=told)


def _named(name: str, value: str) -> str:
    speaker = words.current()
    if name == "fact":
        return speaker.name("fact_short", value)
    if name == "month":
        return speaker.month(date.fromisoformat(f"{value}-01"))
    if name == "centre":
        return Centre.objects.filter(pk=int(value)).values_list("name", flat=True).first() or value
    return {"category": speaker.name("value", value), "stage": speaker.name("work_stage", value)}.get(name, value)


# ── One order ────────────────────────────────────────────────────────────────────────────────────────────────────────


@may(RIGHT)
@require_safe
def scored_order(request: HttpRequest, number: int) -> HttpResponse:
    """Every point of an order: fact, value, day, step of the card; they sum to the score."""
    person = access.person(request)
    orders = RepairOrder.objects.visible_to(person).select_related("customer", "asset", "category", "centre")
    order = get_object_or_404(orders, number=number)
    history = queries.score_history(order, person)
    context: dict[str, Any] = {"order": order, "sees_clients": person.may("see customers")}
    if history:
        context |= _points(history[0]) | {"history": history if len(history) > 1 else []}
    return respond(request, "analysis/scored_order.html", context)


def _points(row: OrderScore) -> dict[str, Any]:
    told = points.told(row.points, _steps(row))
    speaker = words.current()
    card_score = row.card_score
    is_clipped = card_score is not None and (told.total < 0 or told.total > 99) and row.card != "source"
    return {
        "row": row,
        "told": told,
        "score": None if row.is_unsure else row.score,
        "is_answer": row.score_from == ANSWERED.removesuffix("ed"),
        "total": speaker.number(told.total, 0 if told.total.is_integer() else 2),
        "is_clipped": is_clipped,
        "is_rounded": not is_clipped and card_score is not None and told.total != card_score,
    }


def _steps(row: OrderScore) -> points.Steps:
    """The card that the score was reckoned by, as its snapshot keeps it."""
    kept = StudySheet.objects.filter(snapshot=row.snapshot_id, key="satisfaction.card").first()
    if kept is None:
        return {}
    columns = tuple((name, unit) for name, unit in kept.columns)
    return points.steps_of(columns, unpacked(kept.rows, columns))
