"""Bills: open, overdue, paid."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import Invoice
from dovolen.desk.money.views.rooms import LEDGER, tabs

CANCEL = "void papers"


@may(LEDGER)
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """Bills of the centres whose ledger he sees."""
    person = access.person(request)
    asked = request.GET.get("state", "")
    state = asked if asked in queries.INVOICE_STATES else ""
    today = timezone.localdate()
    page = queries.invoices_page(person, state, today=today, cursor=request.GET.get("cursor", ""))
    shown = {
        "page": page, "state": state, "states": queries.INVOICE_STATES, "may_cancel": person.may(CANCEL),
        "later": f"?state={state}&cursor={page.later}" if page.later else "", "today": today,
        "tabs": tabs(person, "invoices"),
    }  # fmt: skip
    return respond(request, "money/invoices.html", shown)


@may(CANCEL)
@require_POST
def invoice_cancellation(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for the money of a bill no more."""
    person = access.person(request)
    held = Invoice.objects.filter(centre__in=person.centre_ids(CANCEL)).select_related("centre")
    try:
        actions.cancel_invoice(invoice=get_object_or_404(held, pk=key), by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("invoices.done.cancelled"))
    return redirect("invoices")
