"""Search: as one types, and on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.queries import at_work as known
from dovolen.desk.core import access
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders.queries import stage_name
from dovolen.desk.pages.finding import Found, find

IN_PALETTE, ON_PAGE = 5, 20
LONGEST = 80


@may(SIGNED_IN)
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Clients, devices and orders that answer to what was typed."""
    return respond(request, "pages/search.html", _shown(request, ON_PAGE))


@may(SIGNED_IN)
@require_safe
@never_cache
def found(request: HttpRequest) -> HttpResponse:
    """The same for the palette: its options."""
    return respond(request, "pages/search_found.html", _shown(request, IN_PALETTE))


def _shown(request: HttpRequest, n: int) -> dict[str, Any]:
    person, text = access.person(request), request.GET.get("q", "").strip()[:LONGEST]
    answers = find(text, person, n=n) if text else Found([], [], [])
    _mark([*answers.people, *(order.customer for order in answers.orders)], person)
    return {
        "text": text,
        "found": answers,
        "orders": [(order, stage_name(order.stage).lower()) for order in answers.orders],
        "is_full": n in (len(answers.people), len(answers.things), len(answers.orders)),
        "sees_customers": person.may("see customers"),
        "sees_assets": person.may("see assets"),
    }


def _mark(people: Sequence[Any], person: Staff) -> None:
    """Give each the `score` that the latest snapshot knows him by; `is_scored` where it knows him."""
    scores = known.scores(person, {one.pk for one in people})
    for one in people:
        one.is_scored, one.score = one.pk in scores, scores.get(one.pk)
