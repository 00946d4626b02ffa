"""Pages of the ground floor: is it alive, how is it, what failed."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse

from dovolen.desk.core.access import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """One word for a load balancer: 200 while this process reaches the base."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
