"""Intake as the desk does it: client found or entered, device found or entered, consents, order – all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets import actions as assets
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.assets.queries import by_plate, by_serial
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.together import whole
from dovolen.desk.orders.actions.estimate import offer_again
from dovolen.desk.orders.actions.intake import Told, accept
from dovolen.desk.orders.actions.lines import NewLine
from dovolen.desk.orders.actions.photos import keep_photo
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.orders.pictures import Picture
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer


class NoClient(Refusal):
    """Nobody was chosen and nobody was entered."""

    key = "intake.refused.no_client"


@dataclass(frozen=True)
class NewPerson:
    """A person who is here for the first time."""

    name: str
    phone: str = ""


@dataclass(frozen=True)
class NewCompany:
    """A company that is here for the first time; `contact` is who brought the device."""

    name: str
    phone: str = ""
    contact: str = ""
    tax_number: str = ""


@dataclass(frozen=True)
class KnownElsewhere:
    """A client of another centre, whose number (E.164) was told here: he becomes known here too."""

    customer: Customer
    number: str


@dataclass(frozen=True)
class NewAsset:
    """A device that is here for the first time; where its serial number, or without one its plate,
    is known in the house, it is that one."""

    category: Category
    model: str
    brand: str = ""
    serial_number: str = ""
    plate: str = ""


Who = Customer | NewPerson | NewCompany | KnownElsewhere


@whole
def take_in(  # noqa: PLR0913 – all that happens at the desk
    *,
    centre: Centre,
    customer: Who,
    asset: Asset | NewAsset | None,
    becomes_owner: bool = False,
    consents: Collection[str] = (),
    told: Told,
    promised_at: datetime | None,
    lines: Sequence[NewLine] = (),
    offered: Sequence[Line] = (),
    rework_of: RepairOrder | None = None,
    photos: Sequence[tuple[Picture, str]] = (),
    by: Staff,
    now: datetime,
) -> RepairOrder:
    """Take in a device from whoever brought it. `offered` is work declined before that goes into this estimate,
    `photos` are drawn already.

    A device of another owner stays his unless `becomes_owner`. Nothing is kept when anything of it is refused.
    Raises: NotAllowed and what clients, devices, consents and orders refuse.
    Leaves: `order.accepted`, and before it what was new: `customer.added` or `.shared`, `asset.added`,
    `asset.owner_changed`, `customer.consent_given`.
    """
    require(by, "take in", centre)
    who = _known_or_new(customer, centre, by, now)
    what = _brought(asset, who, becomes_owner=becomes_owner, centre=centre, by=by, now=now)
    if what and told.odometer is not None and what.odometer != told.odometer:
        assets.change_asset(asset=what, seen=what.version, by=by, now=now, odometer=told.odometer)
    if consents:
        people.record_consents(
            customer=who, purposes=consents, is_given=True, proof="in_person", by=by, now=now,
            known_at=None if who is customer else centre,
        )  # fmt: skip
    order = accept(
        centre=centre, customer=who, asset=what, told=told, promised_at=promised_at, lines=lines,
        rework_of=rework_of, by=by, now=now,
    )  # fmt: skip
    for line in offered:
        offer_again(line=line, order=order, by=by, now=now)
    for picture, name in photos:
        keep_photo(order=order, picture=picture, name=name, by=by, now=now)
    return order


def _known_or_new(who: Who, centre: Centre, by: Staff, now: datetime) -> Customer:
    if isinstance(who, Customer):
        return who
    if isinstance(who, KnownElsewhere):
        people.share(customer=who.customer, centre=centre, number=who.number, by=by, now=now)
        return who.customer
    if isinstance(who, NewPerson):
        return people.add_person(name=who.name, phone=who.phone, centre=centre, by=by, now=now)
    return people.add_company(
        name=who.name, requisites={"tax_number": who.tax_number}, phone=who.phone, contact=who.contact,
        centre=centre, by=by, now=now,
    )  # fmt: skip


def _brought(
    asset: Asset | NewAsset | None, who: Customer, *, becomes_owner: bool, centre: Centre, by: Staff, now: datetime
) -> Asset | None:
    """The device as the house knows it from now on, at this centre too."""
    if asset is None:
        return None
    known = _same(asset)
    if known is None:
        assert isinstance(asset, NewAsset)
        return assets.add_asset(
            category=asset.category, owner=who, model=asset.model, brand=asset.brand, plate=asset.plate,
            serial_number=asset.serial_number, centre=centre, by=by, now=now,
        )  # fmt: skip
    assets.note_at(asset=known, centre=centre, now=now)
    if known.left_at:
        assets.come_back(asset=known, by=by, now=now)
        known.refresh_from_db()
    if known.owner_id is None or becomes_owner:
        assets.change_owner(asset=known, owner=who, by=by, now=now)
    return known


def _same(asset: Asset | NewAsset) -> Asset | None:
    """The row as it is now; of a new one the device of its category that bears its serial number, else its plate."""
    if isinstance(asset, NewAsset):
        if not (asset.serial_number or asset.plate):
            return None
        known = by_serial(asset.category, asset.serial_number)
        return (known if asset.serial_number else by_plate(asset.plate).filter(category=asset.category)).first()
    return Asset.objects.select_related("category").get(pk=asset.pk)
