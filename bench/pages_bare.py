"""Bare views to hold pages against: one SELECT, a list of 50 rows, a committed INSERT; each with its template."""

from __future__ import annotations

import os
import random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pages_bare_settings")
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.db import transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from dovolen.desk.core.models import StoredFile  # noqa: E402
from dovolen.desk.orders.models import RepairOrder  # noqa: E402

ONE = "<html><body><h1>№ {{ order.number }}</h1><p>{{ order.fault_text }}</p><p>{{ order.total }}</p></body></html>"
LIST = (
    "<html><body><table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.customer.name }}</td>"
    "<td>{{ row.accepted_at }}</td><td>{{ row.promised_at }}</td><td>{{ row.total }}</td><td>{{ row.phase }}</td></tr>"
    "{% endfor %}</table></body></html>"
)
templates = {name: engines["django"].from_string(text) for name, text in (("one", ONE), ("list", LIST))}
latest = RepairOrder.objects.order_by("-number").values_list("number", flat=True).first() or 1


def one(_: HttpRequest) -> HttpResponse:
    order = RepairOrder.objects.get(number=random.randint(1, latest))
    return HttpResponse(templates["one"].render({"order": order}))


def rows(_: HttpRequest) -> HttpResponse:
    found = list(RepairOrder.objects.select_related("customer").order_by("-number")[:50])
    return HttpResponse(templates["list"].render({"rows": found}))


def insert(_: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        StoredFile.objects.create(digest="0" * 64, name="bench", media_type="text/plain", size=1, at=timezone.now())
    return HttpResponse("done")


urlpatterns = [path("one/", one), path("list/", rows), path("insert/", insert)]
__all__ = ["application", "urlpatterns"]
