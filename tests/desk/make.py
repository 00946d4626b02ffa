"""What tests of the desk begin with, made by real actions: clients, assets, orders in any stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.core import journal
from dovolen.desk.orders import actions, standard
from dovolen.desk.orders.models import REPAIRED, Line, RepairOrder, Stage
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON
from tests.desk.make_assets import asset, category, head
from tests.desk.make_people import company, number, person

__all__ = [
    "approve",
    "asset",
    "bring",
    "category",
    "company",
    "hand_over",
    "head",
    "number",
    "order",
    "person",
    "photo",
    "price_list",
    "staff",
    "stage",
]

LABOUR = {"kind": "labour", "name": "Замена матрицы", "price": 380_000, "norm_minutes": 90}
PART = {"kind": "part", "name": "Матрица NE160QDM", "price": 1_790_000, "cost": 1_135_000}
price_list: Sequence[Mapping[str, Any]] = (LABOUR, PART)


def stage(code: str) -> Stage:
    """A standard stage by its code."""
    if not Stage.objects.filter(code=code).exists():
        standard.ensure(NOON)
    return Stage.objects.get(code=code)


def staff(login: str, *places: tuple[Centre, str]) -> Staff:
    """Somebody with roles at centres."""
    made = Staff.objects.create(login=login, name=login.title())
    Membership.objects.bulk_create(Membership(staff=made, centre=centre, role=role) for centre, role in places)
    return Staff.objects.get(pk=made.pk)


def order(
    *, by: Staff, at: str = "accepted", centre: Centre | None = None, customer: Customer | None = None,
    asset: Asset | None = None, category: Category | None = None, lines: Sequence[Mapping[str, Any]] = (),
    promised_at: datetime | None = NOON + timedelta(days=2), rework_of: RepairOrder | None = None,
    technician: Staff | None = None, outcome: str = REPAIRED, now: datetime = NOON, **told: Any,
) -> RepairOrder:  # fmt: skip
    """An order taken in and brought to a stage, by whoever may do all of it. Beyond the approval, lines are approved.

    `make.order(by=director, at="ready", lines=make.price_list)`
    """
    stage("accepted")
    place = centre or by.centre
    assert place is not None
    made = actions.accept(
        centre=place, customer=customer or (asset and asset.owner) or person(by=by, centre=place, now=now), asset=asset,
        category=category, told=actions.Told(**{"fault_text": "Нет изображения", **told}), promised_at=promised_at,
        lines=[actions.NewLine(**line) for line in lines], rework_of=rework_of, technician=technician, by=by, now=now,
    )  # fmt: skip
    if standard.CODES.index(at) > standard.CODES.index("approval"):
        approve(made, by=by, now=now)
    bring(made, at, outcome=outcome, by=by, now=now)
    return made


def bring(order: RepairOrder, at: str, *, by: Staff, outcome: str = REPAIRED, now: datetime = NOON) -> None:
    """Bring an order to a stage: the way there is the shortest that is allowed."""
    if at == "accepted":
        return
    if at not in ("told", "picked_up"):
        actions.move(order=order, to=stage(at), by=by, now=now)
        return
    if outcome == REPAIRED or at == "told":
        actions.move(order=order, to=stage("ready"), by=by, now=now)
        actions.tell(order=order, how="call", by=by, now=now)
    if at == "picked_up":
        hand_over(order, outcome=outcome, by=by, now=now)


def hand_over(
    order: RepairOrder, *, by: Staff, outcome: str = REPAIRED, method: str = "card", now: datetime = NOON, **more: Any
) -> None:
    """Give it back, with all that is still to be paid for what the client agreed to."""
    left = actions.left_at_hand_over(order)
    paid = actions.Paid(method, left) if left else None
    actions.hand_over(order=order, outcome=outcome, paid=paid, by=by, now=now, **more)


def approve(order: RepairOrder, *, by: Staff, now: datetime = NOON) -> None:
    """The client agrees to every line that waits for his word."""
    waiting = list(Line.objects.filter(order=order, state="proposed").values_list("pk", flat=True))
    if waiting:
        actions.record_approval(
            order=order, approved=waiting, declined={}, who="Клиент", told_how="call", by=by, now=now
        )  # fmt: skip


def photo(width: int = 8, height: int = 6, colour: str = "teal", form: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form, **options)
    return out.getvalue()


def events(order: RepairOrder) -> list[str]:
    """What the journal says of an order, the earliest first."""
    return list(journal.timeline(order).order_by("id").values_list("kind", flat=True))


def facts(order: RepairOrder, kind: str) -> dict[str, Any]:
    """What the latest event of a kind tells."""
    event = journal.timeline(order).filter(kind=kind).first()
    assert event is not None, f"{order} has no {kind}, but {events(order)}"
    return dict(event.facts) | {"by": event.by_id, "at": event.at}
