"""Clients for tests, made by real actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.people import actions
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON

PHONE = "+7 997 201-{:02d}-{:02d}"
LEGAL = {
    "legal_name": "ООО «Линия»", "tax_number": "7707083893", "kpp": "770701001", "ogrn": "1027700132195",
    "bik": "044525225", "account": "40702810740000432537", "corr_account": "30101810400000000225",
}  # fmt: skip


def number(n: int) -> str:
    """A number of those that belong to nobody."""
    return PHONE.format(n // 100, n % 100)


def person(
    *, by: Staff, name: str = "Карпова Марина Олеговна", phone: str | None = None, centre: Centre | None = None,
    now: datetime = NOON, **facts: Any,
) -> Customer:  # fmt: skip
    """A person known at a centre: by default where `by` works, with a number of his own."""
    given = number(Customer.objects.count()) if phone is None else phone
    return actions.add_person(name=name, phone=given, centre=centre or _place(by), by=by, now=now, **facts)


def company(*, by: Staff, name: str = "ООО «Линия»", centre: Centre | None = None, now: datetime = NOON) -> Customer:
    """A company with requisites."""
    return actions.add_company(name=name, requisites=LEGAL, centre=centre or _place(by), by=by, now=now)


def _place(by: Staff) -> Centre:
    assert by.centre is not None
    return by.centre
