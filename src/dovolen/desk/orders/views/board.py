"""The board: open orders in columns, moved by hand or by keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import CLOSED, TOLD, RepairOrder, Stage
from dovolen.desk.orders.queries.board import Column, columns, pulse
from dovolen.desk.orders.queries.lists import OrderFilter, OrderRow
from dovolen.desk.orders.views.choices import selects, sentence
from dovolen.desk.orders.views.lists import address, row_shown, saved_shown

FRESH_MINUTES = 5
"""So often the clocks of promises are drawn anew although nothing happened."""


@may("see orders")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Open orders by stage. Asked again with the mark of what is shown, it says 204 while nothing happened."""
    person, now = access.person(request), timezone.now()
    mark = f"{pulse()}-{int(now.timestamp() // 60 // FRESH_MINUTES)}"
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    asked = OrderFilter.of(request.GET)
    stages = queries.stages(with_off=True)
    chosen = selects(asked, person, stages, on_board=True)
    ways = {centre: _ways(person, stages, centre) for centre in person.centre_ids("see orders")}
    shown = {
        "asked": asked,
        "selects": chosen,
        "columns": [_column(column, ways, asked) for column in columns(asked, stages, person, now)],
        "ways": [(centre, found) for centre, found in sorted(ways.items()) if found],
        "mark": mark,
        "is_part": "HX-Request" in request.headers,
    }
    return respond(request, "orders/board.html", shown | saved_shown(person, "board", asked, sentence(asked, chosen)))


def _ways(person: Staff, stages: Iterable[Stage], centre: int) -> list[tuple[Stage, str]]:
    """Columns into which he may move orders of a centre."""
    return [
        (stage, queries.stage_name(stage))
        for stage in stages
        if stage.is_active and stage.phase not in (TOLD, CLOSED) and actions.may_move(person, stage, centre)
    ]


def _column(column: Column, ways: dict[int, list[tuple[Stage, str]]], asked: OrderFilter) -> dict[str, Any]:
    return {
        "stage": column.stage,
        "name": queries.stage_name(column.stage),
        "n": column.n,
        "n_more": column.n_more,
        "rest": replace(asked, stage=str(column.stage.pk)).query,
        "cards": [_card(row, ways.get(row.order.centre_id, ())) for row in column.rows],
        "told": column.stage.phase == TOLD,
    }


def _card(row: OrderRow, ways: Iterable[tuple[Stage, str]]) -> dict[str, Any]:
    order = row.order
    return {
        **row_shown(row),
        "is_movable": any(stage.pk != order.stage_id for stage, _ in ways),
        "told_url": address("order_told", order.number),
        "stage_url": address("order_stage", order.number),
    }


@may("see orders")
@require_POST
def board_place(request: HttpRequest, number: int) -> HttpResponse:
    """Move an order to another column, from the one in which the page showed it."""
    person = access.person(request)
    order = get_object_or_404(RepairOrder.objects.visible_to(person), number=number)
    stages = {str(stage.pk): stage for stage in Stage.objects.all()}
    to, seen = stages.get(request.POST.get("to", "")), stages.get(request.POST.get("seen", ""))
    asked = OrderFilter.of(request.POST)
    if to is None or seen is None:
        messages.error(request, words.say("lists.refused.no_stage"))
    else:
        try:
            actions.move(order=order, to=to, seen=seen, by=person, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, words.say("lists.not_moved", number=order.number, why=refusal))
        else:
            done = words.say("lists.done.moved", number=order.number, stage=queries.stage_name(to))
            messages.success(request, done)
    return redirect(f"{reverse('board')}{f'?{asked.query}' if asked.query else ''}")
