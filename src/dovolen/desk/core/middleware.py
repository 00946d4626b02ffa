"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from dovolen.desk.core.words import language_for

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'self'", "img-src 'self' data: blob:", "object-src 'none'", "base-uri 'none'",
        "form-action 'self'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
SENSORS = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


def safe_headers(get_response: Answer) -> Answer:
    """Say what a page may load and where it may be shown; a view that set the header itself keeps its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", SENSORS)
        return response

    return middleware


def speak_as_asked(get_response: Answer) -> Answer:
    """Words in the reader's language, moments in the time of his centre (`language` and `zone` of a person)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person: Any = getattr(request, "user", None)
        lang = language_for(request)
        zone = ZoneInfo(getattr(person, "zone", "") or "Europe/Moscow")
        with translation.override(lang), timezone.override(zone):
            response = get_response(request)
        response.headers.setdefault("Content-Language", lang)
        return response

    return middleware
