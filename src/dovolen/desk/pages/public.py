"""Pages for who holds a key and no account: the client's own page of his order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dovolen.desk.accounts import guessing
from dovolen.desk.core import files
from dovolen.desk.core.access import address_of, public
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.documents import queries as documents
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import PROPOSED, ClientLink, Photo
from dovolen.desk.pages.portal import fingerprint, portal_of

log = logging.getLogger("dovolen.links")

HEADERS = {
    "Referrer-Policy": "no-referrer",  # the key stands in the address: it goes to nobody
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
}
YES, NO = "yes", "no"
SENT_OR_LOOKED_AT = ["GET", "HEAD", "POST"]
"""A page that was refused a form stays open under the form's address: opened anew it leads back."""
View = Callable[..., HttpResponseBase]


def for_client(view: View) -> View:
    """A page behind the key in its address: `view(request, link, …)`, in the client's language, on the centre's clock.

    The key is all that lets him in – no cookie does – so a form needs no mark against forgery: who could forge a
    request knows the key already. Wrong keys and those taken back look alike, and are counted by address.
    """

    @public
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **values: Any) -> HttpResponseBase:
        lang = "en" if request.GET.get("lang") == "en" else "ru"
        with translation.override(lang):
            response = _opened(view, request, token, values)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Language"] = lang
        return response

    return guarded


def _opened(view: View, request: HttpRequest, token: str, values: dict[str, Any]) -> HttpResponseBase:
    try:
        link = _link(request, token)
        with timezone.override(link.order.centre.zone):
            return view(request, link, **values)
    except guessing.TooManyGuesses as refusal:
        response = _closed(request, str(refusal), status=429)
        response.headers["Retry-After"] = str(60 * int(str(refusal.values["minutes"])))
        return response
    except Http404:
        return _closed(request, "", status=404)


def _closed(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    return respond(request, "portal/closed.html", {"reason": reason, **_language(request)}, status=status)


def _link(request: HttpRequest, token: str) -> ClientLink:
    """The key in force. Raises: TooManyGuesses after many wrong ones from this address, Http404 for a wrong one."""
    now, address = timezone.now(), address_of(request) or ""
    guessing.check(guessing.LINK, address, now=now)
    link = queries.link_in_force(token)
    if link is None:
        log.warning("a key to a client's page opened nothing (asked by %s)", guessing.LINK.digest(address)[:12])
        guessing.take(guessing.LINK, address, now=now)
        raise Http404
    return link


def _language(request: HttpRequest) -> dict[str, str]:
    """The language of the page, and what keeps it in further addresses."""
    lang = (translation.get_language() or "ru")[:2]
    return {
        "lang": lang, "kept": "?lang=en" if lang == "en" else "", "other": "?" if lang == "en" else "?lang=en",
        "theme": "auto", "here": request.path,
    }  # fmt: skip


def _home(request: HttpRequest) -> str:
    """The address of his page."""
    match = request.resolver_match
    assert match is not None
    return reverse("client_page", args=[match.kwargs["token"]])


def _back(request: HttpRequest, place: str) -> HttpResponse:
    """To the page above this address; the key is not named, for answers are kept for repeats."""
    return HttpResponseRedirect(f"../{_language(request)['kept']}#{place}")


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@for_client
@require_safe
def client_page(request: HttpRequest, link: ClientLink) -> HttpResponse:
    """His order: how it stands, what asks for his word, what it costs, what he may take along."""
    if request.method == "GET" and link.opened_at is None and not request.user.is_authenticated:
        actions.note_opened(link=link, now=timezone.now())
    return _page(request, link)


def _page(
    request: HttpRequest, link: ClientLink, *, status: int = 200, refusal: str = "", trouble: str = "", **typed: Any
) -> HttpResponse:
    now = timezone.now()
    papers = documents.for_client(link.order)
    shown = {
        "page": portal_of(link, papers, now), "order": link.order, "home": _home(request),
        "etag": fingerprint(link, now), "is_staff": request.user.is_authenticated, "refusal": refusal,
        "trouble": trouble, "terms": f"portal.terms.{actions.TERMS}", "longest": actions.LONGEST_QUESTION, **typed,
        **_language(request),
    }  # fmt: skip
    return respond(request, "portal/page.html", shown, status=status)


@for_client
@require_safe
def client_pulse(request: HttpRequest, link: ClientLink) -> HttpResponse:
    """Whether anything happened since: 304 while nothing did, 204 when the page is worth asking for again."""
    etag = quote_etag(fingerprint(link, timezone.now()))
    status = 304 if request.headers.get("If-None-Match") == etag else 204
    return HttpResponse(status=status, headers={"ETag": etag})


@for_client
@require_safe
def client_photo(request: HttpRequest, link: ClientLink, key: int) -> FileResponse:  # noqa: ARG001 – a view
    """A photo that is for him."""
    return files.answer(_photo(link, key).file)


@for_client
@require_safe
def client_thumb(request: HttpRequest, link: ClientLink, key: int) -> FileResponse:  # noqa: ARG001 – a view
    """The same, small."""
    return files.answer(_photo(link, key).thumb)


def _photo(link: ClientLink, key: int) -> Photo:
    photos = Photo.objects.select_related("file", "thumb")
    return get_object_or_404(photos, pk=key, order=link.order_id, is_for_client=True)


@for_client
@require_safe
def client_paper(request: HttpRequest, link: ClientLink, key: int) -> FileResponse:  # noqa: ARG001 – a view
    """A paper of his, the very bytes that were printed."""
    found = next((paper for paper in documents.for_client(link.order) if paper.pk == key), None)
    if found is None:
        raise Http404
    return files.answer(found.file)


# ── What he says ─────────────────────────────────────────────────────────────────────────────────────────────────────


@for_client
@require_http_methods(SENT_OR_LOOKED_AT)
def client_answer(request: HttpRequest, link: ClientLink) -> HttpResponseBase:
    """His word on the lines that wait for it: signed on what he saw. Staff who look in sign nothing for him."""
    if request.method != "POST":
        return _back(request, "estimate")
    if request.user.is_authenticated:
        return _page(request, link, status=403)
    return _answer(request, link)


@once
def _answer(request: HttpRequest, link: ClientLink) -> HttpResponse:
    chosen = _chosen(request, link)
    said = {word: [key for key, one in chosen.items() if one == word] for word in (YES, NO)}
    comment = request.POST.get("comment", "")
    try:
        actions.approve_by_link(
            link=link, accepted=said[YES], declined=said[NO], seen=request.POST.get("seen", ""), comment=comment,
            now=timezone.now(),
        )  # fmt: skip
    except actions.LinkRevoked as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        return _page(request, link, status=409, refusal=str(refusal), said=said, comment=comment)
    return _back(request, "estimate")


def _chosen(request: HttpRequest, link: ClientLink) -> dict[int, str]:
    """Lines and what he chose for each."""
    keys = link.order.lines.filter(state=PROPOSED).order_by("pk").values_list("pk", flat=True)
    if request.POST.get("all") == YES:
        return dict.fromkeys(keys, YES)
    return {key: request.POST.get(f"line-{key}", "") for key in keys}


@for_client
@require_http_methods(SENT_OR_LOOKED_AT)
def client_question(request: HttpRequest, link: ClientLink) -> HttpResponseBase:
    """What he asks: a call for the reception."""
    if request.method != "POST":
        return _back(request, "asked")
    if request.user.is_authenticated:
        return _page(request, link, status=403)
    return _question(request, link)


@once
def _question(request: HttpRequest, link: ClientLink) -> HttpResponse:
    question = request.POST.get("question", "")
    try:
        guessing.take(guessing.QUESTION, link.pk, now=timezone.now())
        actions.ask_by_link(link=link, question=question, now=timezone.now())
    except actions.LinkRevoked as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        return _page(request, link, status=409, trouble=str(refusal), question=question)
    return _back(request, "asked")
