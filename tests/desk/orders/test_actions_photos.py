"""Photos of an order: kept, shown, taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import ACCOUNTANT
from dovolen.desk.core.files import path_of
from dovolen.desk.core.models import StoredFile
from dovolen.desk.orders import actions
from dovolen.desk.orders.actions import photos
from dovolen.desk.orders.models import Photo, RepairOrder
from dovolen.desk.orders.pictures import NotAPicture
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def added(order: RepairOrder, by: Staff, name: str = "IMG_1.png", **values: object) -> Photo:
    told = {"upload": make.photo(640, 480, form="PNG")} | values
    return actions.add_photo(order=order, name=name, by=by, now=LATER, **told)


def test_a_photo_is_two_files_drawn_anew_and_an_event(director: Staff) -> None:
    order = make.order(by=director)

    made = added(order, director, caption=" Крышка ", is_for_client=False)

    photo = Photo.objects.select_related("file", "thumb").get()
    assert (photo.width, photo.height, photo.caption, photo.is_for_client) == (640, 480, "Крышка", False)
    assert (photo.file.media_type, photo.thumb.media_type) == ("image/jpeg", "image/jpeg")
    assert photo.thumb.size < photo.file.size
    assert path_of(photo.file.digest).read_bytes().startswith(b"\xff\xd8")
    assert make.facts(order, "order.photo_added")["photo"] == made.pk


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("IMG_1.png", "IMG_1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Photos\\a\\b.jpeg", "b.jpg"),
        ("", "photo.jpg"),
        ("...", "photo.jpg"),
        ("a\r\nSet-Cookie: x=1\u202e.png", "aSet-Cookie: x=1.jpg"),
        ("я" * 300 + ".html", "я" * 80 + ".jpg"),
    ],
)
def test_a_name_that_was_given_opens_nothing(director: Staff, given: str, kept: str) -> None:
    assert added(make.order(by=director), director, name=given).file.name == kept


def test_caption_and_who_sees_it_are_changed(director: Staff) -> None:
    order = make.order(by=director)
    photo = added(order, director)

    actions.change_photo(photo=photo, caption="Шлейф", by=director, now=LATER)
    actions.change_photo(photo=photo, is_for_client=False, by=director, now=LATER)

    kept = Photo.objects.get()
    assert (kept.caption, kept.is_for_client) == ("Шлейф", False)
    assert make.events(order).count("order.photo_changed") == 2
    with pytest.raises(actions.TooLong):
        actions.change_photo(photo=photo, caption="я" * 121, by=director, now=LATER)


def test_a_photo_that_is_taken_away_takes_its_files_along(director: Staff) -> None:
    order = make.order(by=director)
    photo = added(order, director)
    key = photo.pk

    actions.remove_photo(photo=photo, by=director, now=LATER)

    assert (Photo.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert make.facts(order, "order.photo_removed")["photo"] == key
    gone = Photo(pk=key, order=order, file=StoredFile(pk=1), thumb=StoredFile(pk=2))
    with pytest.raises(actions.NotOfThisOrder):
        actions.remove_photo(photo=gone, by=director, now=LATER)
    with pytest.raises(actions.NotOfThisOrder):
        actions.change_photo(photo=gone, caption="", by=director, now=LATER)


def test_what_is_refused_leaves_nothing(director: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    order, closed = make.order(by=director), make.order(by=director, at="picked_up")
    money = make.staff("money", (director.centre, ACCOUNTANT))
    monkeypatch.setattr(photos, "MOST_PHOTOS", 0)

    with pytest.raises(NotAPicture):
        added(order, director, upload=b"<svg/>")
    with pytest.raises(actions.TooManyPhotos):
        added(order, director)
    with pytest.raises(actions.Closed):
        added(closed, director)
    with pytest.raises(NotAllowed):
        added(order, money)

    assert not StoredFile.objects.exists()
    assert make.events(order) == ["order.accepted"]


def test_photos_of_others_stay(director: Staff) -> None:
    photo = added(make.order(by=director), director)
    money = make.staff("money", (director.centre, ACCOUNTANT))

    with pytest.raises(NotAllowed):
        actions.remove_photo(photo=photo, by=money, now=LATER)
    with pytest.raises(NotAllowed):
        actions.change_photo(photo=photo, caption="Моё", by=money, now=LATER)
    assert Photo.objects.get().caption == ""
