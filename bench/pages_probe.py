"""Prints as JSON what the measuring of pages begins with: a log-in, addresses, queries a page, search in the base."""

from __future__ import annotations

import json
import os
import time
from statistics import median

os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
import django

django.setup()
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from dovolen.desk.accounts.models import Staff  # noqa: E402
from dovolen.desk.assets.models import Category  # noqa: E402
from dovolen.desk.core import search  # noqa: E402
from dovolen.desk.orders.models import RepairOrder  # noqa: E402
from dovolen.desk.people.models import Customer  # noqa: E402

settings.ALLOWED_HOSTS += ["testserver"]
TYPED = ("ivanov", "Иванов", "997 234", "IdeaPad 15", "SN1000012", "123456")


def main() -> None:
    staff = Staff.objects.get(login="director")
    client = Client()
    client.force_login(staff)
    busy = Customer.objects.filter(n_orders__gte=5).order_by("-latest_order_at").first() or Customer.objects.first()
    order = RepairOrder.objects.filter(stage__code="repair").order_by("-number").first()
    closed = RepairOrder.objects.filter(phase="closed").order_by("-number").first()
    assert busy
    assert order
    assert closed
    pages = {
        "client list": "/customers/",
        "order list": "/orders/",
        "closed orders": "/orders/?state=closed",
        "board": "/orders/board/",
        "today": "/",
        "client card": f"/customers/{busy.pk}/",
        "order": f"/orders/{order.number}/",
        "closed order": f"/orders/{closed.number}/",
        "intake": "/intake/",
        "search page": "/search/?q=" + "иванов",
        "search as you type": "/search/found/?q=" + "79972",
        "display": f"/display/{staff.places[0].centre_id}/",
        "state of the system": "/status/",
    }
    queries = {}
    for name, page in pages.items():
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(page)
        queries[name] = (answer.status_code, len(asked), len(answer.content), _slowest(asked))
    print(json.dumps({
        "cookie": client.cookies["sessionid"].value, "pages": pages, "queries": queries, "search_ms": _search(staff),
        "category": Category.objects.get(code="laptop").pk, "engine": connection.vendor,
        "version": ".".join(map(str, connection.get_database_version())),
        "n_customers": Customer.objects.count(), "n_orders": RepairOrder.objects.count(),
    }))  # fmt: skip


def _slowest(asked: CaptureQueriesContext) -> str:
    worst = max(asked.captured_queries, key=lambda query: float(query["time"]))
    return f"{worst['time']} s {worst['sql'][:300]}"


def _search(staff: Staff) -> dict[str, float]:
    """Milliseconds of a search among clients, by what is typed."""
    among = Customer.objects.visible_to(staff)
    found = {}
    for text in TYPED:
        taken = []
        for _ in range(20):
            begun = time.perf_counter()
            search.find(text, "customer", among, n=8)
            taken.append((time.perf_counter() - begun) * 1000)
        found[text] = round(median(taken), 3)
    return found


if __name__ == "__main__":
    main()
