"""Who holds the right at one centre sees nothing of the other, nor of the house: on every page, in every file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.http import HttpResponseBase
from django.test import Client

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis import cube, slicing
from dovolen.desk.analysis import urls as analysis
from dovolen.desk.analysis.models import RIGHT, Snapshot
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
MARK = "Тайна"
"""In every name that the south has: its own, its technician's, its clients'."""
N = 22
KINDS = ("arrow", "parquet", "xlsx")
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"by": ["technician", "centre"]},
    {"state": "new"},
    {"sort": "revenue"},
    {"day": NOON.date().isoformat()},
)


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(house: House, centre: Centre, mark: str) -> list[int]:
    """Orders of a year at a centre, each of another client; some are done with. Gives their numbers."""
    technician = house.people[f"technician.{'north' if centre == house.north else 'south'}"]
    Staff.objects.filter(pk=technician.pk).update(name=f"{mark} Мастер")
    numbers = []
    for place in range(N):
        now = NOON - timedelta(days=14 * place + 3)
        client = make.person(by=house.olga, name=f"{mark} Клиент {place}", centre=centre, now=now)
        order = make.order(
            by=house.olga, centre=centre, customer=client, technician=cast.fresh(technician), now=now, promised_at=None,
            at="picked_up" if place < 4 else "accepted", lines=make.price_list if place < 4 else (),
        )  # fmt: skip
        numbers.append(order.number)
    return numbers


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def made(house: House) -> Iterator[dict[str, list[int]]]:
    """Real snapshots of both centres and of the house, and the orders behind them."""
    Centre.objects.filter(pk=house.south.pk).update(name=f"{MARK}-Центр")
    orders = {"north": filled(house, house.north, "Открыто"), "south": filled(house, house.south, MARK)}
    snapshots = [make_analysis.snapshot(centre=centre) for centre in (None, house.north, house.south)]
    yield orders
    for snapshot in snapshots:
        cube.forget(snapshot)


def addresses(orders: list[int]) -> list[str]:
    """Every address of the analysis, its holes filled with what the south has."""
    found = []
    for pattern in analysis.urlpatterns:
        text = f"/{pattern.pattern}"
        if "<str:form>" in text:
            found += [text.replace("<str:form>", kind) for kind in KINDS]
        elif "<int:number>" in text:
            found.append(text.replace("<int:number>", str(orders[0])))
        elif "<" not in text:
            found.append(text)
    return found


def text_of(answer: HttpResponseBase) -> str:
    if getattr(answer, "streaming", False):
        raw = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        if raw[:2] == b"PK":
            raw = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    else:
        raw = answer.content  # type: ignore[attr-defined]
    return raw.decode("utf-8", errors="replace")


def seen(client: Client, pages: list[str], scopes: tuple[str, ...]) -> dict[str, str]:
    """What each address answers, however it is asked."""
    told = {}
    for page in pages:
        for scope in scopes:
            for asked in ASKED:
                answer = client.get(page, {**asked, **({"scope": scope} if scope else {})})
                if answer.status_code == 200:
                    told[f"{page} {scope} {asked}"] = text_of(answer)
                else:
                    assert answer.status_code in (302, 400, 403, 404, 405), f"{page}: {answer.status_code}"
    return told


@pytest.mark.base("sqlite")  # three real snapshots
def test_one_centre_sees_nothing_of_the_other_nor_of_the_house(house: House, made: dict[str, list[int]]) -> None:
    south = str(house.south.pk)
    pages = addresses(made["south"])
    whole = seen(signed_in(house.olga), pages, (south,))
    leading = {key.split()[0] for key, text in whole.items() if MARK in text}
    assert {"/base/clients/", "/satisfaction/orders/", "/performers/", "/network/", "/slices/"} <= leading

    manager = house["manager.north"]
    told = seen(signed_in(manager), pages, ("", "house", south, str(house.north.pk), "999999"))

    assert [key for key, text in told.items() if MARK in text] == []
    assert any("Открыто" in text for text in told.values())
    assert {snapshot.centre_id for snapshot in Snapshot.objects.visible_to(manager)} == {house.north.pk}
    assert Snapshot.objects.visible_to(house.olga).count() == 3
    holds_no_name(slicing._table(cube.file_of(Snapshot.objects.get(centre=None))))


def holds_no_name(table: pa.Table) -> None:
    """A cube tells of no client by name, of no order by number, of no day."""
    assert table.num_rows == 2 * N
    assert set(table.column_names) == {*cube.DIMENSIONS, *cube.MEASURES}
    assert "Клиент" not in str(table.to_pydict())
    assert all(len(month) == 7 for month in table["month"].combine_chunks().dictionary.to_pylist())


@pytest.mark.parametrize("role", ["receptionist", "technician", "accountant"])
def test_who_does_not_hold_the_right_opens_no_page(house: House, role: str) -> None:
    client = signed_in(house[f"{role}.north"])
    assert not house[f"{role}.north"].may(RIGHT)

    for page in addresses([1]):
        assert client.get(page).status_code in (403, 405), page
