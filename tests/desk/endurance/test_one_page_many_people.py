"""R6: several people save one order from one old page; one wins, the others are shown what he wrote, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.models import Event
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON, TIMES

ROUNDS, PAGE_ROUNDS, MOST = 200 * TIMES, 10 * TIMES, 8
SEED = 6

pytestmark = [pytest.mark.endures, pytest.mark.django_db(transaction=True)]

Outcome = tuple[str, Stale | None]
"""What somebody wrote, and what he was shown instead of a thank-you."""


@pytest.fixture
def order(director: Staff) -> RepairOrder:
    return make.order(by=director, shelf="начало")


def rounds(order: RepairOrder, n: int, save: Callable[[RepairOrder, int, str], Outcome]) -> tuple[int, int, int]:
    """Rounds of 2–8 people; gives winners, those who were shown the difference, updates that were lost."""
    rng, winners, shown, lost = random.Random(SEED), 0, 0, 0
    with ThreadPoolExecutor(MOST) as pool:
        for number in range(n):
            people = rng.randint(2, MOST)
            before = RepairOrder.objects.get(pk=order.pk)
            texts = [f"{number}-{place}" for place in range(people)]
            outcomes = list(pool.map(lambda text, seen=before.version: save(order, seen, text), texts))  # type: ignore[misc]
            won = [text for text, stale in outcomes if stale is None]
            after = RepairOrder.objects.get(pk=order.pk)
            winners += len(won)
            shown += sum(stale is not None and _is_told(stale, after) for _, stale in outcomes)
            lost += len(won) != 1 or after.shelf != won[0] or after.version != before.version + 1
            assert len(outcomes) == people
        for _ in range(MOST):
            pool.submit(connections.close_all)
    return winners, shown, lost


def _is_told(stale: Stale, after: RepairOrder) -> bool:
    return stale.version == after.version and [one.theirs for one in stale.differences] == [after.shelf]


def test_of_many_who_save_one_old_page_one_wins_each_time(order: RepairOrder, director: Staff) -> None:
    def save(order: RepairOrder, seen: int, text: str) -> Outcome:
        mine = RepairOrder(pk=order.pk, centre=order.centre)
        try:
            actions.change_order(order=mine, seen=seen, shelf=text, by=director, now=NOON + timedelta(minutes=1))
        except Stale as stale:
            return text, stale
        return text, None

    winners, shown, lost = rounds(order, ROUNDS, save)

    print(
        f"R6 {connection.vendor}: {ROUNDS} rounds (seed {SEED}): {winners} won, {shown} saw the difference, {lost} lost"
    )
    assert (winners, lost) == (ROUNDS, 0)
    assert Event.objects.filter(kind="order.changed").count() == ROUNDS


def test_the_page_shows_the_difference_to_all_but_one(order: RepairOrder, director: Staff) -> None:
    rng = random.Random(SEED)
    clients = [Client() for _ in range(MOST)]
    for client in clients:
        client.force_login(director)
    won, shown = 0, 0
    with ThreadPoolExecutor(MOST) as pool:
        for number in range(PAGE_ROUNDS):
            people = rng.randint(2, MOST)
            version = RepairOrder.objects.get(pk=order.pk).version
            told = {"version": version, "fault_text": "Нет изображения", "pay_type": "customer_pay", "place": "workshop",
                    "kind": "repair"}  # fmt: skip

            def save(place: int, told: Any = told, number: int = number) -> Any:
                return clients[place].post(f"/orders/{order.number}/details/", {**told, "shelf": f"{number}-{place}"})

            pages = list(pool.map(save, range(people)))
            after = RepairOrder.objects.get(pk=order.pk)
            won += sum(page.status_code == 302 for page in pages)
            shown += sum(page.status_code == 200 and after.shelf in page.content.decode() for page in pages)
            assert len(pages) == people
            assert after.version == version + 1
            won_by = [place for place, page in enumerate(pages) if page.status_code == 302]
            assert [after.shelf] == [f"{number}-{place}" for place in won_by]
            assert sum(page.status_code == 200 for page in pages) == people - 1
        for _ in range(MOST):
            pool.submit(connections.close_all)

    print(f"R6 {connection.vendor}, pages: {PAGE_ROUNDS} rounds: {won} won, {shown} saw the difference")
    assert won == PAGE_ROUNDS
    assert shown >= PAGE_ROUNDS
