"""Two files of a chain of seven branches brought into an empty house: the totals that their owner counted come out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Sum

from dovolen.desk.accounts.models import Centre
from dovolen.desk.ingest import actions, queries
from dovolen.desk.ingest.models import DONE
from dovolen.desk.orders.models import Line, PastOrder, RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import make_imports
from tests.desk.conftest import NOON

pytestmark = [pytest.mark.shared, pytest.mark.django_db, pytest.mark.base("sqlite")]


def test_totals_of_seven_branches_come_out(director: Any, shared: Any) -> None:
    folder = shared / "tyre_service_bogota"
    lines, clients = (folder / name for name in ("lines_2016-09_2018-12.parquet", "clients.parquet"))
    source = actions.upload(
        centre=director.centre, name=lines.name, pieces=[lines.read_bytes()],
        beside=[(clients.name, [clients.read_bytes()])], by=director, now=NOON,
    )  # fmt: skip
    source = make_imports.worked(source)
    assert (source.choices["currency"], source.choices["zone"]) == ("COP", "America/Bogota")
    actions.ask_check(source=source, by=director, now=NOON)
    actions.ask_load(source=make_imports.worked(source), by=director, now=NOON)
    source = make_imports.worked(source)

    assert source.state == DONE, source.refusal
    assert Customer.objects.count() == 17_782
    assert RepairOrder.objects.count() == 33_052
    assert PastOrder.objects.aggregate(sum=Sum("revenue"))["sum"] == 48_848_857_196 * 100
    assert Line.objects.aggregate(sum=Sum("amount"))["sum"] == 48_848_857_196 * 100
    assert queries.reasons(source) == {"spoiled_amount": 5}
    assert Centre.objects.filter(currency="COP", zone="America/Bogota").count() == 8
