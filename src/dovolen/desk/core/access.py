"""The rule that every address carries: `@public`, or `@may("right")`. A house test fails on a view without one.

What rights there are, and who holds them, is told above (accounts); here a person is whatever answers `may(right)`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PUBLIC = "public"
SIGNED_IN = "signed in"

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)


class Holder(Protocol):
    """Somebody who holds rights."""

    def may(self, right: str) -> bool:
        """Whether he holds this one."""


def public(view: V) -> V:
    """A page for everybody, known or not."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def may(right: str) -> Callable[[View], View]:
    """A page for those who hold `right` (SIGNED_IN: for everybody who came in); others log in or are refused."""

    def rule(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            who = person(request)
            if not who.is_authenticated:
                return _ask_to_log_in(request)
            if right != SIGNED_IN and not who.may(right):
                raise PermissionDenied(right)
            return view(request, *args, **values)

        guarded.access = right  # type: ignore[attr-defined]
        return guarded

    return rule


def person(request: HttpRequest) -> Any:
    """Who is signed in: behind `may` there always is somebody."""
    return request.user


def address_of(request: HttpRequest) -> str | None:
    """The address of the browser: what the proxy in front says, where the settings name one, else who connects."""
    near = request.META.get("REMOTE_ADDR", "")
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    for text in (told if settings.ADDRESS.netloc and told else near, near):
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            continue
    return None


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page; a fragment cannot show it, so htmx is told to go there."""
    answer = redirect_to_login(request.get_full_path())
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": answer.url})
    return answer
