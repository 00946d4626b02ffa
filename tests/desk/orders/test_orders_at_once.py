"""Several people, one order, one moment: one of them wins, nothing is lost, sums and numbers are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.money import queries as money
from dovolen.desk.orders import actions, upkeep
from dovolen.desk.orders.models import Line, RepairOrder, StageEntry
from tests.desk import make
from tests.desk.conftest import NOON, TIMES

pytestmark = [pytest.mark.endures, pytest.mark.django_db(transaction=True)]
PEOPLE = 4
ROUNDS = 3 * TIMES


def outcome(act: Callable[[], Any]) -> Callable[[], Any]:
    """What came of it: "done", or the name of the refusal."""

    def tried() -> str:
        try:
            act()
        except Refusal as refusal:
            return type(refusal).__name__
        return "done"

    return tried


def copies(order: RepairOrder) -> list[RepairOrder]:
    """The order as several pages show it."""
    return [RepairOrder.objects.get(pk=order.pk) for _ in range(PEOPLE)]


def test_of_several_who_move_an_order_from_one_page_one_does(director: Staff, in_threads: Any) -> None:
    stages = [make.stage(code) for code in ("diagnosis", "parts", "repair", "check")]
    for _ in range(ROUNDS):
        order = make.order(by=director)

        results = in_threads(*(
            outcome(lambda page=page, to=to: actions.move(order=page, to=to, by=director, now=NOON))
            for page, to in zip(copies(order), stages, strict=True)
        ))  # fmt: skip

        assert Counter(results) == {"done": 1, "MovedMeanwhile": PEOPLE - 1}
        assert StageEntry.objects.filter(order=order).count() == 2
        assert make.events(order).count("order.stage_moved") == 1


def test_lines_that_are_added_at_once_are_all_in_the_total(director: Staff, in_threads: Any) -> None:
    for _ in range(ROUNDS):
        order = make.order(by=director)

        in_threads(*(
            lambda page=page, price=price: actions.add_line(
                order=page, kind="part", name="Винт", price=price, cost=1, by=director, now=NOON
            )
            for page, price in zip(copies(order), (1, 10, 100, 1000), strict=True)
        ))  # fmt: skip

        kept = RepairOrder.objects.get(pk=order.pk)
        assert (kept.total, kept.n_waiting_lines, kept.parts_cost) == (1111, 4, 4)
        assert sorted(kept.lines.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_whoever_saves_from_one_old_page_one_wins_and_the_rest_see_the_difference(
    director: Staff, in_threads: Any
) -> None:
    for _ in range(ROUNDS):
        order = make.order(by=director, lines=make.price_list)
        line = order.lines.first()

        def saved(page: RepairOrder, n: int) -> Any:
            return outcome(
                lambda: actions.change_order(order=page, seen=1, diagnosis=f"Найдено {n}", by=director, now=NOON)
            )

        def priced(n: int, line: Line = line) -> Any:
            own = Line.objects.get(pk=line.pk)
            return outcome(lambda: actions.change_line(line=own, seen=1, price=n, by=director, now=NOON))

        pages = copies(order)
        results = in_threads(
            *(saved(page, n) for n, page in enumerate(pages)), *(priced(n) for n in range(1, PEOPLE + 1))
        )

        assert Counter(results) == {"done": 2, Stale.__name__: 2 * PEOPLE - 2}
        assert RepairOrder.objects.get(pk=order.pk).version == 2
    assert upkeep.wrong_orders() == []


def test_given_back_once_though_several_give_it_back(director: Staff, in_threads: Any) -> None:
    for _ in range(ROUNDS):
        order = make.order(by=director, lines=make.price_list, at="told")
        *pages, last = copies(order)

        results = in_threads(
            *(outcome(lambda page=page: make.hand_over(page, by=director)) for page in pages),
            outcome(lambda page=last: actions.cancel(order=page, reason="Ошибка", by=director, now=NOON)),
        )

        assert Counter(results) == {"done": 1, "Closed": 3}
        kinds = make.events(order)
        assert kinds.count("order.picked_up") + kinds.count("order.cancelled") == 1
        asked = order.total if kinds.count("order.picked_up") else 0
        assert money.sums(order.number) == money.Sums(due=asked, paid=asked)


def test_numbers_have_no_gap_and_no_twin_however_many_are_taken_in(director: Staff, in_threads: Any) -> None:
    make.stage("accepted")
    anna = make.person(by=director)

    def taken_in() -> None:
        for _ in range(ROUNDS):
            actions.accept(
                centre=director.centre, customer=anna, told=actions.Told("Не включается"),
                promised_at=NOON + timedelta(days=1), by=director, now=NOON,
            )  # fmt: skip

    in_threads(*[taken_in] * PEOPLE)

    assert sorted(RepairOrder.objects.values_list("number", flat=True)) == list(range(1, PEOPLE * ROUNDS + 1))
    anna.refresh_from_db()
    assert anna.n_orders == PEOPLE * ROUNDS


def test_declined_work_is_offered_again_once_though_two_orders_ask_for_it(director: Staff, in_threads: Any) -> None:
    for _ in range(ROUNDS):
        earlier = make.order(by=director, lines=[{"kind": "labour", "name": "Чистка", "price": 1}])
        actions.hand_over(order=earlier, outcome="declined", by=director, now=NOON)
        line = earlier.lines.get()
        later = [make.order(by=director, customer=earlier.customer) for _ in range(PEOPLE)]

        results = in_threads(*(
            outcome(lambda order=order, line=line: actions.offer_again(line=line, order=order, by=director, now=NOON))
            for order in later
        ))  # fmt: skip

        assert Counter(results) == {"done": 1, "NotDeclined": PEOPLE - 1}
        assert Line.objects.filter(order__in=later).count() == 1


def test_a_part_arrives_once(director: Staff, in_threads: Any) -> None:
    order = make.order(by=director)
    part = actions.await_part(order=order, name="Шлейф", by=director, now=NOON)
    pages = [type(part).objects.select_related("order__centre").get(pk=part.pk) for _ in range(PEOPLE)]

    results = in_threads(*(
        outcome(lambda page=page: actions.part_arrived(part=page, by=director, now=NOON)) for page in pages
    ))  # fmt: skip

    assert Counter(results) == {"done": 1, "NotOnItsWay": PEOPLE - 1}
    assert make.events(order).count("order.part_arrived") == 1
