"""The client's own page: what he sees in each state, what he may answer, what stays shut; as many queries always."""

from __future__ import annotations

from typing import Any

import pytest

from dovolen.desk.orders import actions
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def test_smoke(client: Any, director: Any) -> None:
    order = make.order(by=director, at="approval", lines=make.price_list)
    token = actions.link_of(order, now=NOON)

    page = client.get(f"/c/{token}/")

    print(page.content.decode())
    assert page.status_code == 200
