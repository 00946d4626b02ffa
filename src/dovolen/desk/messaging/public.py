"""Where providers tell what became of messages, and what clients answered: known by a secret part of the address."""

from __future__ import annotations

import hmac
import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dovolen.desk.accounts import guessing
from dovolen.desk.core.access import address_of, public
from dovolen.desk.messaging.gateways import Unreachable
from dovolen.desk.messaging.gateways.http import Call, heard_in, recipe_of
from dovolen.desk.messaging.listening import NotKeptYet, take
from dovolen.desk.messaging.models import HTTP, Gateway

log = logging.getLogger("dovolen.messaging")

LONGEST_CALL = 256 * 1024
MOST_AT_ONCE = 1000
"""Reports in one call; a provider with more tells the rest in another."""


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def gateway_reports(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what a provider tells; it hears its word for «taken» when all of it is kept, else it tells again."""
    try:
        gateway = _gateway(request, token)
    except guessing.TooManyGuesses as refusal:
        return HttpResponse(status=429, headers={"Retry-After": str(60 * int(str(refusal.values["minutes"])))})
    if int(request.headers.get("Content-Length") or 0) > LONGEST_CALL:
        return HttpResponse(status=413)
    try:
        recipe = recipe_of(gateway.settings)
        call = Call(request.META.get("QUERY_STRING", ""), request.content_type or "", request.body)
        heard, reply = heard_in(recipe, call)
    except (Unreachable, ValueError) as error:
        log.warning("gateway %s told what its recipe does not read: %s", gateway.pk, error)
        return HttpResponse(status=400)
    if len(heard) > MOST_AT_ONCE:
        return HttpResponse(status=413)
    try:
        for one in heard:
            take(gateway, one, now=timezone.now())
    except NotKeptYet:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(reply, content_type="text/plain; charset=utf-8")


def _gateway(request: HttpRequest, token: str) -> Gateway:
    """The gateway whose address this is; all are compared, each in the same time. Wrong ones are limited and logged."""
    now, address = timezone.now(), address_of(request)
    guessing.check(guessing.REPORT, address, now=now)
    gateways = [gateway for gateway in Gateway.objects.filter(kind=HTTP) if _is_same(gateway.report_token, token)]
    if not gateways:
        guessing.take(guessing.REPORT, address, now=now)
        log.warning("a report came to an address of no gateway (from %s)", guessing.REPORT.digest(address)[:12])
        raise Http404
    return gateways[0]


def _is_same(token: str, told: str) -> bool:
    return hmac.compare_digest(token.encode(), told.encode("utf-8", "replace"))
