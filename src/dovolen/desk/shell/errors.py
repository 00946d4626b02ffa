"""What went wrong, told in words and with something to do: pages for 400, 403, 404, 409, 500 and 503."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from dovolen.desk.core import away, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.words import language_of_browser

RETRY_AFTER = "5"


def told(request: HttpRequest, status: int, *, title: str = "", reason: str = "") -> HttpResponse:
    """The page of an error. It asks the base nothing, because the base may be what went wrong."""
    if "HX-Request" in request.headers:
        text = render_to_string("errors/fragment.html", {"status": status, "reason": reason})
        return HttpResponse(text, status=status, headers={"HX-Reswap": "none"})
    lang = (translation.get_language() or "ru")[:2]
    title = title or words.current().name("shell.error.title", str(status))
    values = {"status": status, "title": title, "reason": reason, "lang": lang, "theme": "auto"}
    values["path"] = request.get_full_path()
    return HttpResponse(render_to_string("errors/error.html", values), status=status)


def bad_request(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """400."""
    return told(request, 400)


def forbidden(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """403."""
    return told(request, 403)


def not_found(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """404."""
    return told(request, 404)


def form_too_old(request: HttpRequest, **_: object) -> HttpResponse:
    """The form bears no mark of ours: its page was open for too long, or another site sent it."""
    return told(request, 403, reason=words.say("shell.error.form_too_old"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the base is away."""
    with translation.override(language_of_browser(request)):
        return _of(request, sys.exc_info()[1]) or told(request, 500)


def told_in_words(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refusals that a view did not catch become 409, a base that is away 503."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_exception = _of  # type: ignore[attr-defined]
    return middleware


def _of(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    if isinstance(error, Refusal):
        return told(request, 409, reason=str(error))
    if away.is_away(error):
        reason = away.why(error, was_sent=request.method == "POST")
        response = told(request, 503, title=away.title(error), reason=reason)
        response.headers["Retry-After"] = RETRY_AFTER
        if request.method == "GET":
            response.headers["Refresh"] = RETRY_AFTER  # the page opens by itself; a form is not sent twice
        return response
    return None
