"""A form sent twice is done once: a double click, a reload, a request repeated by a poor line get the same answer.

    @may("take in")
    @once
    def intake(request): …          and in its form {% once %}; a program sends the key as Idempotency-Key instead

The key and what the view wrote are one transaction: after a crash there are both or neither, and a repeat that comes
while the first still runs waits for its end. A view that is done redirects. Where it shows its form again (200), or
refuses, the key is free: the same form may be sent again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import BadRequest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from dovolen.desk.core.access import View
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Answered

FIELD = "once"
KEPT = timedelta(hours=72)
"""How long a repeat is known as one."""
KEY = re.compile(r"[\w.:-]{8,64}", re.ASCII)
NOT_OF_THE_BODY = (FIELD, "csrfmiddlewaretoken")
CAME_BACK = 200

V = TypeVar("V", bound=View)


class SentOtherwise(Refusal):
    """The form was done already, with other values in it."""

    key = "core.refused.sent_otherwise"


def new_key() -> str:
    """The key of one showing of a form."""
    return secrets.token_urlsafe(18)


def once(view: V) -> V:
    """Do a repeated POST no second time: it gets the answer of the first. Stands under `@may`.

    Not for views that compute for long: on SQLite everybody who writes waits for them.
    Raises: SentOtherwise when the same key comes with another body.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        key = _key_of(request)
        if key is None:
            return view(request, *args, **values)
        claim = _claim(request, key)
        with transaction.atomic():
            if not _is_first(claim):  # waits here while the first still runs
                return _same_answer(claim)
            response = view(request, *args, **values)
            _keep(claim, response)
        return response

    return cast("V", guarded)


def _key_of(request: HttpRequest) -> str | None:
    if request.method != "POST":
        return None
    key = request.headers.get("Idempotency-Key") or request.POST.get(FIELD)
    if key and not KEY.fullmatch(key):
        raise BadRequest("not a key of a form")
    return key or None


def _claim(request: HttpRequest, key: str) -> Answered:
    match = request.resolver_match
    return Answered(
        key=key,
        staff_id=getattr(request.user, "pk", None) or 0,
        route=(match.view_name if match else "")[:80],
        digest=_digest(request),
        at=timezone.now(),
    )


def _digest(request: HttpRequest) -> str:
    """What was sent and where to, files included."""
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield request.path.encode()
    if not (request.POST or request.FILES):
        yield request.body
    for name, told in sorted(request.POST.lists()):
        if name not in NOT_OF_THE_BODY:
            yield name.encode()
            yield from (value.encode("utf-8", "surrogatepass") for value in map(str, told))
    for name, files in sorted(request.FILES.lists()):
        yield name.encode()
        for file in files:
            yield from file.chunks()
            file.seek(0)


def _is_first(claim: Answered) -> bool:
    """Write the claim; PostgreSQL waits here for another that writes the same, SQLite has waited at the beginning."""
    at = connection.ops.adapt_datetimefield_value(claim.at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Answered._meta.db_table} (key, staff_id, route, digest, location, at) "
            "VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (staff_id, key) DO NOTHING",
            [claim.key, claim.staff_id, claim.route, claim.digest, at],
        )
        return bool(cursor.rowcount == 1)


def _same_answer(claim: Answered) -> HttpResponse:
    first = _kept(claim).get()
    if first.digest != claim.digest or first.status is None:
        raise SentOtherwise
    response = HttpResponse(status=first.status)
    if first.location:
        response.headers["Location" if first.status // 100 == 3 else "HX-Redirect"] = first.location
    return response


def _keep(claim: Answered, response: HttpResponseBase) -> None:
    """Remember what was answered; what was not done is forgotten with all that the view wrote."""
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if response.status_code >= 400:
        transaction.set_rollback(True)
    elif response.status_code == CAME_BACK and not location:
        _kept(claim).delete()
    else:
        _kept(claim).update(status=response.status_code, location=location)


def _kept(claim: Answered) -> Any:
    return Answered.objects.filter(staff_id=claim.staff_id, key=claim.key)
