"""Centres side by side in a real browser."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts import actions as accounts
from dovolen.desk.accounts.models import Staff
from tests.desk import cast, make, make_analysis
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

SHARES = ("orders.promise_kept", "orders.rework_share", "base.repeat_share", "retention.one_year")


@pytest.fixture(scope="module")
def shown(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, Staff]]:
    """The director of five centres, each with a snapshot."""
    with served.prepared(tmp_path_factory.mktemp("network") / "home", "", django_db_blocker) as installation:
        house = cast.full(now=timezone.now())
        more = ("Запад", "Восток", "Центр")
        centres = [house.north, house.south]
        centres += [accounts.open_centre(by=cast.fresh(house.olga), now=timezone.now(), **cast.NORTH | {"name": one}) for one in more]  # fmt: skip
        draw = random.Random(1)
        clients = [make.person(by=house.olga, name=f"Клиент {n}", centre=house.north) for n in range(8)]
        for centre in centres:
            made = make_analysis.published(centre=centre)
            for key in SHARES:
                value = draw.uniform(0.5, 0.9) if key != "orders.rework_share" else draw.uniform(0.01, 0.06)
                make_analysis.figure(made, key, value, "share", n=400, low=value * 0.95, high=value * 1.05)
            make_analysis.figure(made, "base.in_base", draw.randrange(300, 2000), "clients")
            make_analysis.figure(made, "base.revenue", draw.randrange(10**9, 4 * 10**9), "money", n=1800)
            make_analysis.figure(made, "orders.average_order", draw.randrange(300_000, 900_000), "money", n=1800)
            make_analysis.figure(made, "orders.turnaround", draw.uniform(20, 60), "hours", n=1700, low=20, high=22)
            make_analysis.figure(made, "feedback.nps", None, "points", n=7)
            for client in draw.sample(clients, 6):
                make_analysis.known(made, client, n_orders=2)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, cast.fresh(house.olga))
            yield visitor, house["manager.north"]


@pytest.mark.parametrize(("width", "lang", "dark"), [(1440, "ru", False), (390, "ru", False), (1440, "en", True)])
def test_the_network_is_sound(shown: tuple[Visitor, Staff], width: int, lang: str, dark: bool) -> None:
    visitor, _ = shown

    visitor.visits("/network/", width=width, lang=lang, dark=dark)

    assert "Восток" in visitor.reads()
    visitor.finds_sound(f"network-{width}-{lang}")


def test_who_works_at_one_centre_sees_it_beside_what_is_usual(shown: tuple[Visitor, Staff]) -> None:
    visitor, manager = shown
    served.comes_in(visitor, manager)

    visitor.visits("/network/")

    assert "Север" in visitor.reads()
    assert "Восток" not in visitor.reads()
    visitor.finds_sound("network-of-one")
