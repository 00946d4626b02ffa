"""The card of a client, and what happened with him."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.pages import card, story
from dovolen.desk.people.models import Customer

SEE = "see customers"
RIGHTS = {
    "change": "change customers", "block": "block customers", "merge": "merge customers", "take_in": "take in",
    "see_orders": "see orders", "see_assets": "see assets", "write": "send messages", "see_money": "see money",
    "see_costs": "see costs", "set_classes": "set classes",
    "see_feedback": "see feedback", "record_feedback": "record feedback",
}  # fmt: skip


@may(SEE)
@require_safe
def client(request: HttpRequest, customer: int) -> HttpResponse:
    """Everything on one page; a record that was joined to another one leads there."""
    person = access.person(request)
    one = card.customer_of(person, customer)
    if one is None:
        return _joined(person, customer)
    shown = {"card": card.card_of(one, person, timezone.now()), "customer": one, "may": _rights(person)}
    return respond(request, "pages/client.html", shown)


def _rights(person: Staff) -> dict[str, bool]:
    return {name: person.may(right) for name, right in RIGHTS.items()}


def _joined(person: Staff, key: int) -> HttpResponse:
    """To whom a record was joined, however often."""
    kept = Customer.objects.filter(pk=key).values_list("merged_into", flat=True).first()
    while kept is not None:
        if Customer.objects.visible_to(person).filter(pk=kept).exists():
            return redirect("customer", kept)
        kept = Customer.objects.filter(pk=kept).values_list("merged_into", flat=True).first()
    raise Http404


@may(SEE)
@require_safe
def client_story(request: HttpRequest, customer: int) -> HttpResponse:
    """What happened with him: a part of his card, and a page of its own where there is no script."""
    person: Any = access.person(request)
    one = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    tab = request.GET.get("tab", "")
    tab = tab if tab in story.TABS else ""
    found = story.story_of(one, person, tab, request.GET.get("before", ""))
    shown = {"customer": one, "story": found, "tab": tab, "tabs": list(story.TABS)}
    return respond(request, "pages/client_story.html", shown)
