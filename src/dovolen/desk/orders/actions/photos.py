"""Photos of an order: drawn anew before anything is written."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import files
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import text
from dovolen.desk.orders.actions.rows import Closed, NotOfThisOrder, hold_open, note, require_one
from dovolen.desk.orders.actions.stages import WORKERS
from dovolen.desk.orders.models import CLOSED, Photo, RepairOrder
from dovolen.desk.orders.pictures import JPEG, Picture, drawn

MOST_PHOTOS = 100


class TooManyPhotos(Refusal):
    """No order needs that many."""

    key = "orders.refused.too_many_photos"


def add_photo(
    *, order: RepairOrder, upload: bytes, name: str, caption: str = "", is_for_client: bool = True, by: Staff,
    now: datetime,
) -> Photo:  # fmt: skip
    """Keep what was uploaded as a picture. It is drawn before the transaction begins: nobody waits for it.

    Raises: NotAllowed, Closed, NotAPicture, PictureTooLarge, TooManyPhotos, NoRoom. Leaves: `order.photo_added`.
    """
    require_one(by, WORKERS, order.centre)
    if order.phase == CLOSED:
        raise Closed(number=order.number)
    picture = drawn(upload)
    return keep_photo(
        order=order, picture=picture, name=name, caption=caption, is_for_client=is_for_client, by=by, now=now
    )


@transaction.atomic
def keep_photo(
    *, order: RepairOrder, picture: Picture, name: str, caption: str = "", is_for_client: bool = True, by: Staff,
    now: datetime,
) -> Photo:  # fmt: skip
    """Keep a picture that was drawn already (`pictures.drawn`). Raises, leaves: as `add_photo`."""
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    if Photo.objects.filter(order=order).count() >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    called = _file_name(name)
    photo = Photo.objects.create(
        order=order,
        file=files.keep([picture.full], name=called, media_type=JPEG, by=by, at=now),
        thumb=files.keep([picture.thumb], name=called, media_type=JPEG, by=by, at=now),
        width=picture.width, height=picture.height, caption=text(caption, 120), is_for_client=is_for_client,
        at=now, by=by,
    )  # fmt: skip
    note("order.photo_added", order, by, now, photo=photo, is_for_client=is_for_client)
    return photo


def _file_name(name: str) -> str:
    """The last part of a name that was given, as a picture of ours: what stands in it opens nothing."""
    plain = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    stem = plain.rpartition(".")[0] or plain
    return f"{stem[:80].strip('. ') or 'photo'}.jpg"


@transaction.atomic
def change_photo(
    *, photo: Photo, caption: str | None = None, is_for_client: bool | None = None, by: Staff, now: datetime
) -> None:
    """Set what stands under a photo, and whether the client sees it.

    Raises: NotAllowed, NotOfThisOrder, TooLong. Leaves: `order.photo_changed`.
    """
    order = photo.order
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    under = photo.caption if caption is None else text(caption, 120)
    shown = photo.is_for_client if is_for_client is None else is_for_client
    if not Photo.objects.filter(pk=photo.pk, order=order).update(caption=under, is_for_client=shown):
        raise NotOfThisOrder
    photo.caption, photo.is_for_client = under, shown
    note("order.photo_changed", order, by, now, photo=photo, is_for_client=photo.is_for_client)


@transaction.atomic
def remove_photo(*, photo: Photo, by: Staff, now: datetime) -> None:
    """Take a photo away. Raises: NotAllowed, Closed, NotOfThisOrder. Leaves: `order.photo_removed`."""
    order = photo.order
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    key, stored = photo.pk, [photo.file, photo.thumb]
    if not Photo.objects.filter(pk=key, order=order).delete()[0]:
        raise NotOfThisOrder
    for file in stored:
        file.delete()
    note("order.photo_removed", order, by, now, photo=key)
