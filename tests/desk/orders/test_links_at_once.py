"""The client's key and his word at one moment with others: one key, one signature, nothing signed that was not seen."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from dovolen.desk.accounts.models import Staff
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import Approval, ClientLink, Line
from tests.desk import make
from tests.desk.conftest import NOON
from tests.desk.orders.test_orders_at_once import PEOPLE, ROUNDS, copies, outcome

pytestmark = [pytest.mark.endures, pytest.mark.django_db(transaction=True)]


def test_of_several_who_ask_for_the_key_at_once_all_get_the_same(director: Staff, in_threads: Any) -> None:
    for _ in range(ROUNDS):
        order = make.order(by=director)

        tokens = in_threads(*(lambda page=page: actions.link_of(page, now=NOON) for page in copies(order)))

        assert len(set(tokens)) == 1
        assert ClientLink.objects.filter(order=order).count() == 1


def test_a_signature_and_a_changed_price_at_once_never_meet(director: Staff, in_threads: Any) -> None:
    """Either the price changed first and he is shown it, or he signed first and is asked anew."""
    seen_outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        order = make.order(by=director, lines=make.price_list, at="approval")
        actions.link_of(order, now=NOON)
        line = Line.objects.select_related("order").get(order=order, kind="part")
        seen = queries.estimate_mark(order, order.lines.all())
        every = set(order.lines.values_list("pk", flat=True))

        link = ClientLink.objects.select_related("order").get(order=order)
        sign = partial(actions.approve_by_link, link=link, accepted=every, declined=(), seen=seen, now=NOON)
        dearer = {"seen": line.version, "price": line.price + 100_000}

        signed, raised = in_threads(
            outcome(sign), outcome(partial(actions.change_line, line=line, by=director, now=NOON, **dearer))
        )

        line.refresh_from_db()
        assert (signed, raised) in {("done", "done"), ("EstimateChanged", "done"), ("done", "Stale")}
        assert line.state == ("approved" if raised == "Stale" else "proposed")
        seen_outcomes[f"{signed}, {raised}"] += 1
    print(f"\nsignature and price at once: {dict(seen_outcomes)}")


def test_of_several_forms_sent_at_once_one_signs(director: Staff, in_threads: Any) -> None:
    for _ in range(ROUNDS):
        order = make.order(by=director, lines=make.price_list, at="approval")
        actions.link_of(order, now=NOON)
        seen = queries.estimate_mark(order, order.lines.all())
        every = set(order.lines.values_list("pk", flat=True))
        links = [ClientLink.objects.select_related("order").get(order=order) for _ in range(PEOPLE)]

        sign = partial(actions.approve_by_link, accepted=every, declined=(), seen=seen, now=NOON)
        results = in_threads(*(outcome(partial(sign, link=link)) for link in links))

        assert Counter(results) == {"done": 1, "EstimateChanged": PEOPLE - 1}
        assert Approval.objects.filter(order=order).count() == 1
