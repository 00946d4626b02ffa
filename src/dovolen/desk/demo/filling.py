"""The demo base from nothing: house, history, living days."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import actions as analysis
from dovolen.desk.analysis.models import ASKED
from dovolen.desk.core import installation, sealing
from dovolen.desk.core.models import Beat, Mark, Pending
from dovolen.desk.core.worker import ALIVE
from dovolen.desk.demo import around, days, drawn, history, shop, tills
from dovolen.desk.demo import cards as cards_of
from dovolen.desk.demo.house import open_house
from dovolen.desk.demo.ledger import Ledger
from dovolen.desk.orders.models import RepairOrder

CLIENTS, SEED = 750, 4
MARK = "demo"
TOLD_AT_ONCE, LATELY = "order.accepted", timedelta(hours=12)
"""What clients of the demo are told when the worker comes: the phone page has something to show."""


class Filled(NamedTuple):
    """What was made."""

    n_customers: int
    n_orders: int
    n_lived: int
    n_events: int
    n_refused: int


def is_lived_in() -> bool:
    """Whether the base has people."""
    return Staff.objects.exists()


def is_demo() -> bool:
    """Whether what the base has was made up here."""
    return Mark.objects.filter(name=MARK).exists()


def is_at_work() -> bool:
    """Whether workers say that they live on this base."""
    return Beat.objects.filter(seen_at__gt=datetime.now(UTC) - ALIVE).exists()


def fill(*, now: datetime, customers: int = CLIENTS, seed: int = SEED) -> Filled:
    """Fill an empty base with two years that end now."""
    gc.disable()  # nothing is let go of before the end: looking for it took a tenth of the time
    try:
        return _filled(now, customers, seed)
    finally:
        gc.enable()


def _filled(now: datetime, customers: int, seed: int) -> Filled:
    with transaction.atomic():
        house = open_house(now=now - timedelta(days=365 * drawn.YEARS))
        trade = history.Trade.read()
        entity = shop.open_shop(house, now=now - timedelta(days=365 * drawn.YEARS))
        today = house.centres[0].local(now).date()
        lives = drawn.draw(customers=customers, seed=seed, until=today)
        edge = now - days.LIVED
        over = [order for order in lives.orders if order.is_over(edge)]
        lived = [order for order in lives.orders if order.accepted_at >= edge and order.promises]
        ledger = Ledger()
        made = cards_of.write(lives, over, house, trade.categories, ledger)
        bills = history.write(over, made, house, trade, ledger, now=now)
        tills.write(bills, house, entity, ledger, until=edge)
        shop.price_list(house, trade, ledger, now=edge)
        n_events = ledger.write()
        courses = [days.Course(order, lives, made, house, trade) for order in lived]
        refused = days.live(courses, [tills.Till(centre, house, edge) for centre in house.centres], now=now)
        around.surround(house, now=now)
        told = Pending.objects.filter(kind=TOLD_AT_ONCE, event__at__gt=now - LATELY)
        Pending.objects.exclude(pk__in=told.values("pk")).delete()  # nobody is told of what is long past
        analysis.ask_everywhere(cause=ASKED, by=None, now=now)  # made as soon as a worker is there
        Mark.objects.create(name=MARK, at=now, facts={"seed": seed, "n_orders": len(bills)})
    sealing.seal_all(now=now)
    installation.keep_statistics()
    n_orders = len(bills)
    return Filled(len(made.customers), n_orders, RepairOrder.objects.count() - n_orders, n_events, len(refused))
