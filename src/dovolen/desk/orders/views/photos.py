"""Photos of an order: taken in, shown, taken away."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, files
from dovolen.desk.core.access import may
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.orders import actions
from dovolen.desk.orders.forms.order import PhotoDetailsForm, PhotoForm
from dovolen.desk.orders.models import Photo
from dovolen.desk.orders.pictures import MOST_BYTES, Picture, drawn
from dovolen.desk.orders.views import sheets


@may("see orders")
def photos(request: HttpRequest, number: int) -> HttpResponseBase:
    """Keep photos with an order. They are drawn before anything is written: nobody waits for that."""
    sheets.found(request, number, "work")
    form = PhotoForm(request.POST or None, request.FILES or None)
    pictures: list[tuple[str, Picture]] = []
    if request.method == "POST" and form.is_valid():
        try:
            uploads = form.cleaned_data["photos"]
            pictures = [(file.name, drawn(file.read(MOST_BYTES + 1))) for file in uploads]
        except Refusal as refusal:
            form.refuse(refusal, "photos")
    return _keep(request, number, form, pictures)


@once
def _keep(request: HttpRequest, number: int, form: PhotoForm, pictures: list[tuple[str, Picture]]) -> HttpResponse:
    order = sheets.found(request, number, "work")
    by, now = access.person(request), timezone.now()

    @transaction.atomic
    def act() -> None:
        about: dict[str, Any] = {name: form.cleaned_data[name] for name in ("caption", "is_for_client")}
        for name, picture in pictures:
            actions.keep_photo(order=order, picture=picture, name=name, by=by, now=now, **about)

    return sheets.sheet(request, order, "photos", form, act, template="orders/photos.html")


@may("see orders")
@require_safe
def photo(request: HttpRequest, number: int, key: int) -> HttpResponseBase:
    """The picture itself."""
    return files.answer(_photo(request, number, key).file)


@may("see orders")
@require_safe
def thumb(request: HttpRequest, number: int, key: int) -> HttpResponseBase:
    """The picture, small."""
    return files.answer(_photo(request, number, key).thumb)


def _photo(request: HttpRequest, number: int, key: int) -> Photo:
    order = sheets.seen(request, number)
    return get_object_or_404(Photo.objects.select_related("file", "thumb"), pk=key, order=order)


@may("see orders")
def photo_details(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """What stands under a photo, and whether the client sees it."""
    order = sheets.found(request, number, "work")
    one = get_object_or_404(Photo.objects.select_related("order"), pk=key, order=order)
    form = PhotoDetailsForm(request.POST or None, initial={"caption": one.caption, "is_for_client": one.is_for_client})

    def act() -> None:
        actions.change_photo(photo=one, by=access.person(request), now=timezone.now(), **form.cleaned_data)

    return sheets.sheet(request, order, "photo", form, act, template="orders/photo.html", photo=one)


@may("see orders")
@require_POST
def photo_removal(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Take a photo away."""
    order = sheets.found(request, number, "work")
    one = get_object_or_404(Photo.objects.select_related("order", "file", "thumb"), pk=key, order=order)
    by = access.person(request)
    return sheets.attempt(
        request, order, "photo_removal", lambda: actions.remove_photo(photo=one, by=by, now=timezone.now())
    )
