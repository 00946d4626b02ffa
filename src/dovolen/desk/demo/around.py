"""What surrounds the orders of the last days: shifts, tasks, the calendar, waits, photos; all by real actions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.demo import voices
from dovolen.desk.demo.house import House
from dovolen.desk.demo.told import told
from dovolen.desk.documents import actions as documents
from dovolen.desk.documents.models import INVOICE
from dovolen.desk.money.models import Account, Invoice
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import CLOSED, RepairOrder
from dovolen.desk.people.models import COMPANY, Customer
from dovolen.desk.planning import actions as planning
from dovolen.desk.planning.models import ABSENCE, BOOKING
from dovolen.desk.tasks import actions as tasks
from dovolen.desk.tasks.models import CALL, CONTROL_CALL, MEETING

PAST_SHIFTS, BILLED = 3, 3
SLOT = timedelta(minutes=90)
PICTURE = (1000, 750)


def surround(house: House, *, now: datetime) -> None:
    """Everything, at each place."""
    for centre in house.centres:
        open_orders = RepairOrder.objects.filter(centre=centre).exclude(phase=CLOSED).order_by("promised_at", "pk")
        held = list(open_orders.select_related("stage", "technician", "customer", "centre"))
        _shifts(house, centre, now)
        _tasks(house, centre, held, now)
        _calendar(house, centre, held, now)
        _waits(house, centre, held, now)
        _photos(house, centre, held, now)
        _bills(house, centre)
        voices.speak(house, centre, now=now)


def _days(centre: Centre, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working days, the latest that has begun first: from when to when."""
    opening, day = Opening.of(centre), centre.local(now).date()
    while True:
        spans = opening.on(day)
        if spans and spans[0][0] <= now:
            yield spans[0][0], spans[-1][1]
        day -= timedelta(days=1)


def _shifts(house: House, centre: Centre, now: datetime) -> None:
    """Some that were handed over, and the one that is on."""
    days = _days(centre, now)
    lately = sorted(next(days) for _ in range(PAST_SHIFTS + 1))
    by = house.receptionist(centre)
    for place, (starts, ends) in enumerate(lately):
        shift = tasks.open_shift(centre=centre, by=by, now=starts)
        for technician in house.technicians(centre)[: 2 if place % 2 else 3]:
            tasks.join(shift=shift, staff=technician, by=by, now=starts)
        noted = min(starts + timedelta(hours=3), now)
        tasks.write_log(shift=shift, text=told()["said"]["shift_note"][place % 3], by=by, now=noted)
        if ends < now or place < PAST_SHIFTS:
            handover = told()["said"]["handover"]
            tasks.close_shift(shift=shift, handover=handover[place % len(handover)], by=by, now=min(ends, now))


def _tasks(house: House, centre: Centre, held: list[RepairOrder], now: datetime) -> None:
    """Calls about what is ready, calls after repairs, a meeting, work for whoever is free."""
    said, by = told()["tasks"], house.receptionist(centre)
    made_at = now - timedelta(hours=5)
    common: dict[str, Any] = {"centre": centre, "by": by, "now": made_at}
    for order in [order for order in held if order.stage.code == "told"][:3]:
        tasks.add(
            title=said["remind"], kind=CALL, customer=order.customer, order_number=order.number, role="receptionist",
            due_at=now + timedelta(minutes=40 * (order.number % 4)), **common,
        )  # fmt: skip
    lately = RepairOrder.objects.filter(centre=centre, phase=CLOSED, outcome="repaired").order_by("-picked_up_at")
    for place, order in enumerate(lately.select_related("customer")[3:6]):
        task = tasks.add(
            title=said["after"], kind=CONTROL_CALL, customer=order.customer, order_number=order.number, assignee=by,
            due_at=now + timedelta(hours=place), **common,
        )  # fmt: skip
        if place == 0:
            tasks.finish(task=task, result=said["done"], by=by, now=now - timedelta(hours=1))
    company = Customer.objects.filter(kind=COMPANY, places__centre=centre).order_by("-n_orders", "pk").first()
    manager = house.manager(centre)
    tasks.add(
        title=said["meet"], kind=MEETING, customer=company, assignee=manager, due_at=now + timedelta(days=1), **common
    )
    for place, title in enumerate(said["bench"]):
        people = house.technicians(centre)
        tasks.add(
            title=title, assignee=people[place % len(people)], due_at=now + timedelta(hours=2 + 20 * place), **common
        )
    for title in said["desk"]:
        tasks.add(title=title, role="receptionist", due_at=now + timedelta(hours=1), **common)


def _calendar(house: House, centre: Centre, held: list[RepairOrder], now: datetime) -> None:
    """Bays, work of today and tomorrow, somebody who is expected, somebody who is away."""
    place = told()["centres"][house.centres.index(centre)]
    common: dict[str, Any] = {"centre": centre, "by": house.receptionist(centre), "now": now}
    bays = [planning.add_bay(name=name, **common) for name in place["bays"]]
    people = house.technicians(centre)
    mine = {person.pk: [order for order in held if order.technician_id == person.pk] for person in people}
    for number, person in enumerate(people):
        free = _next_days(centre, now)
        for order in mine[person.pk][:4]:
            bay = bays[number] if number < len(bays) - 1 else None
            starts = next(free)
            planning.book(technician=person, bay=bay, order=order, starts_at=starts, ends_at=starts + SLOT, **common)
    expected = Customer.objects.filter(places__centre=centre).order_by("-latest_order_at", "pk")[5:7]
    for starts, customer in zip(_next_days(centre, now + timedelta(days=1)), expected, strict=False):
        planning.book(
            kind=BOOKING, bay=bays[-1], customer=customer, title=told()["tasks"]["booking"],
            starts_at=starts + SLOT * 3, ends_at=starts + SLOT * 3 + timedelta(minutes=30), **common,
        )  # fmt: skip
    away = _whole_day(centre, now + timedelta(days=9))
    planning.book(
        kind=ABSENCE,
        technician=people[-1],
        title=told()["tasks"]["absence"],
        starts_at=away[0],
        ends_at=away[1],
        **common,
    )


def _next_days(centre: Centre, now: datetime) -> Iterator[datetime]:
    """Beginnings of slots one after another within working hours: today's from opening on, then later days'."""
    opening, day = Opening.of(centre), centre.local(now).date()
    while True:
        for starts, ends in opening.on(day):
            at = starts
            while at + SLOT <= ends:
                yield at
                at += SLOT
        day += timedelta(days=1)


def _whole_day(centre: Centre, at: datetime) -> tuple[datetime, datetime]:
    """The first working day from then on."""
    opening, day = Opening.of(centre), centre.local(at).date()
    while not opening.on(day):
        day += timedelta(days=1)
    spans = opening.on(day)
    return spans[0][0], spans[-1][1]


def _waits(house: House, centre: Centre, held: list[RepairOrder], now: datetime) -> None:
    """One that waits for the client's word."""
    for order in [order for order in held if order.stage.code == "approval"][:1]:
        orders.hold(
            order=order, reason="client", note=told()["tasks"]["hold"], until=now + timedelta(hours=6),
            by=house.receptionist(centre), now=now - timedelta(minutes=35),
        )  # fmt: skip


def _bills(house: House, centre: Centre) -> None:
    """Companies that still owe have had their bill with the device."""
    owing = Account.objects.indebted().filter(centre=centre, customer__kind=COMPANY).order_by("-due_since", "pk")
    numbers = list(owing.values_list("order_number", flat=True)[:BILLED])
    orders_owing = RepairOrder.objects.filter(number__in=numbers).select_related("centre", "customer", "stage")
    for order in orders_owing.order_by("picked_up_at", "pk"):
        if order.picked_up_at and not Invoice.objects.filter(order_number=order.number).exists():
            documents.draw_up(kind=INVOICE, order=order, by=house.manager(centre), now=order.picked_up_at)


def _photos(house: House, centre: Centre, held: list[RepairOrder], now: datetime) -> None:
    """Two pictures of a device on the bench."""
    for order in [order for order in held if order.stage.code in ("diagnosis", "repair")][:1]:
        by: Staff = order.technician or house.technicians(centre)[0]
        for place, caption in enumerate(told()["tasks"]["photo"]):
            orders.add_photo(
                order=order, upload=picture(order.number + place), name=f"{order.number}-{place + 1}.jpg",
                caption=caption, by=by, now=now - timedelta(minutes=30 - place),
            )  # fmt: skip


def picture(seed: int) -> bytes:
    """A device on a bench, drawn: nobody's photo."""
    chance = random.Random(seed)
    image = Image.new("RGB", PICTURE, (172, 160, 146))
    pen = ImageDraw.Draw(image)
    for line in range(0, PICTURE[1], 30):
        pen.line([(0, line), (PICTURE[0], line + chance.randrange(-6, 6))], fill=(162, 150, 136), width=2)
    left, top = chance.randrange(150, 220), chance.randrange(90, 140)
    pen.rounded_rectangle([left, top, 1000 - left, 640], 26, fill=(58, 60, 66), outline=(30, 31, 34), width=8)
    pen.rounded_rectangle([left + 30, top + 30, 970 - left, 610], 10, fill=(24, 28, 38))
    x, y = chance.randrange(400, 650), chance.randrange(260, 460)
    for _ in range(14):
        end = (x + chance.randrange(-240, 240), y + chance.randrange(-190, 190))
        pen.line([(x, y), end], fill=(196, 204, 214), width=chance.choice((1, 2, 3)))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
