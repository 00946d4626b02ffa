"""A centre without orders is shown the way to bring its clients from a file."""

from __future__ import annotations

from typing import Any

import pytest

from dovolen.desk.core import words
from dovolen.desk.pages import queries
from tests.desk import make, make_imports

pytestmark = pytest.mark.django_db
STEP = ("import", "imports")


def test_a_house_without_orders_offers_its_director_the_import(director: Any, client: Any) -> None:
    client.force_login(director)

    page = client.get("/").content.decode()

    assert STEP in queries.house_of(director).steps
    assert words.say("today.step.import") in page
    assert 'href="/imports/"' in page


def test_who_may_not_import_is_not_offered_it(director: Any) -> None:
    technician = make.staff("technician", (director.centre, "technician"))

    assert STEP not in queries.house_of(technician).steps


def test_it_is_offered_no_more_once_there_are_orders(director: Any) -> None:
    make_imports.loaded(by=director)

    assert STEP not in queries.house_of(director).steps
