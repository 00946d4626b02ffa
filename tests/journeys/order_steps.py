"""Steps of a repair order as somebody takes them in a browser, and the house where he takes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import MANAGER
from dovolen.desk.assets.actions import load_set
from dovolen.desk.commands.readiness import ensure_standards
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make
from tests.desk.conftest import fresh_postgres
from tests.desk.processes import Installation
from tests.journeys import served
from tests.journeys.visitor import Visitor

PHONE = "+7 997 201-77-15"


@contextmanager
def new_house(home: Path, server: str, blocker: Any) -> Iterator[tuple[Installation, Staff]]:
    """A house of laptops and phones where nobody was ever taken in, and a manager on her first day.

    On SQLite, or in a new base of the PostgreSQL `server`.
    """
    with fresh_postgres(server) if server else nullcontext("") as url, served.prepared(home, url, blocker) as made:
        house = cast.opened(now=timezone.now())
        ensure_standards()
        load_set(name="electronics", lang="ru", by=cast.fresh(house.olga), now=timezone.now())
        yield made, make.staff("vera", (house.north, MANAGER))


def opens(visitor: Visitor, link: str) -> None:
    """A form of the order page, over the page."""
    visitor.waits(f"!!document.querySelector({link!r})")
    visitor.window.look(f"document.querySelector({link!r}).click()")
    visitor.waits("!!document.querySelector('#sheet-dialog[open] form')")


def answers(visitor: Visitor, act: str) -> None:
    """Do something that leads to another page, and wait until that stands."""
    visitor.window.look(f"window.before = true; {act}")
    visitor.waits("window.before === undefined && document.readyState === 'complete'")


def sends(visitor: Visitor) -> None:
    """The form that stands over the page."""
    answers(visitor, "document.querySelector('#sheet-dialog form button.btn-primary').click()")


def goes_on(visitor: Visitor, stage: str) -> None:
    """By the one filled button."""
    answers(visitor, "document.querySelector('.dv-head .btn[data-key=ArrowRight]').click()")
    stands_at(visitor, stage)


def stands_at(visitor: Visitor, stage: str) -> None:
    """The stage that the page calls the present one."""
    visitor.waits(f"document.querySelector('.dv-steps [aria-current=step]')?.innerText.includes({stage!r})")


def taken_in(visitor: Visitor) -> RepairOrder:
    """A client and his laptop that nobody knew, by a key from the first screen; leads to the slip."""
    visitor.visits("/")
    visitor.presses("n", code="KeyN")
    visitor.waits("location.pathname === '/intake/' && !!document.querySelector('#q')")
    visitor.types("#q", PHONE)
    visitor.waits("document.querySelector('#found-new')?.getAttribute('aria-selected') === 'true'")
    visitor.presses("Enter")
    visitor.waits("document.activeElement?.name === 'name'")
    visitor.types("[name=name]", "Ларин Сергей Викторович")
    visitor.window.look("""(() => { const kind = document.querySelector('select[name=category]');
      kind.value = [...kind.options].find(one => one.text === 'Ноутбук').value;
      kind.dispatchEvent(new Event('change', {bubbles: true})); })()""")
    visitor.waits("!!document.querySelector('[name=password]')?.checkVisibility()")
    visitor.types("[name=model]", "ASUS TUF Gaming A15")
    visitor.types("[name=serial_number]", "N4NRCV05H63417C")
    visitor.types("[name=password]", "1234")
    visitor.types("[name=fault_text]", "Перегревается и выключается под нагрузкой")
    visitor.window.look("document.querySelector('[name=consent_service]').click()")
    visitor.presses("Enter", ctrl=True)
    visitor.waits("location.pathname.endsWith('/slip/')")
    order = RepairOrder.objects.get()
    assert (order.customer.name, str(order.asset)) == ("Ларин Сергей Викторович", "ASUS TUF Gaming A15")
    return order


def priced(visitor: Visitor, page: str) -> None:
    """Two lines of an estimate: 3 200 ₽ and 1 700,50 ₽."""
    for kind, name, price in (("labour", "Чистка и замена термопасты", "3200"), ("part", "Вентилятор", "1700,50")):
        opens(visitor, f"a[href='{page}lines/new/']")
        visitor.window.look(f"document.querySelector('#sheet-dialog [name=kind]').value = {kind!r}")
        visitor.types("#sheet-dialog [name=name]", name)
        visitor.types("#sheet-dialog [name=price]", price)
        sends(visitor)
