"""What accounts do around every request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def note_seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the list of sessions true: when each browser was last used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            with suppress(OperationalError):  # a full disk keeps nobody from reading
                request.session.note_seen(timezone.now())  # type: ignore[attr-defined]
        return response

    return middleware
