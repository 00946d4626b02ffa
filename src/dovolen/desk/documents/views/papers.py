"""Papers of an order, the register, and the printed sheets themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, files, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.core.paging import addresses
from dovolen.desk.documents import actions, kinds, queries
from dovolen.desk.documents.forms import PaperForm, RegisterForm, VoidForm
from dovolen.desk.documents.models import ACT, Document
from dovolen.desk.documents.press import bundled
from dovolen.desk.orders.models import REPAIRED, RepairOrder
from dovolen.insight.words import LANGUAGES

MOST_AT_ONCE = 12
Papers = list[Document | actions.Draft]


@may("see papers")
@never_cache
def order_papers(request: HttpRequest, number: int) -> HttpResponseBase:
    """The papers of an order, and what can be drawn up. Printed before anything is written: nobody waits for that."""
    order = _order(request, number)
    fits = queries.fitting(order)
    form = PaperForm(request.POST or None, fitting=fits)
    papers: Papers = []
    if request.method == "POST" and form.is_valid():
        try:
            papers = _prepared(request, order, form)
        except Refusal as refusal:
            form.refuse(refusal)
    return _keep(request, order, form, papers=papers, fits=fits)


def _order(request: HttpRequest, number: int) -> RepairOrder:
    seen = RepairOrder.objects.visible_to(access.person(request), "see papers").select_related("centre", "customer")
    return get_object_or_404(seen, number=number)


def _prepared(request: HttpRequest, order: RepairOrder, form: PaperForm) -> Papers:
    told: dict[str, Any] = {"order": order, "by": access.person(request), "now": timezone.now()}
    told["language"] = form.cleaned_data["language"] or LANGUAGES[0]
    if package := form.cleaned_data["package"]:
        return actions.prepare_package(name=package, **told)
    return [actions.prepare(kind=form.cleaned_data["kind"], **told)]


@once
def _keep(
    request: HttpRequest, order: RepairOrder, form: PaperForm, *, papers: Papers, fits: list[str]
) -> HttpResponse:
    if papers:
        try:
            kept = actions.keep_all(papers=papers)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(_address(kept))
    return _page(request, order, form, fits)


def _address(papers: list[Document]) -> str:
    """Where the printed sheets lie: of one paper, or of several in one print."""
    if len(papers) == 1:
        return reverse("paper", args=[papers[0].pk])
    return f"{reverse('papers_print')}?papers={','.join(str(one.pk) for one in papers)}"


def _page(request: HttpRequest, order: RepairOrder, form: PaperForm, fits: list[str]) -> HttpResponse:
    person = access.person(request)
    papers = queries.of_order(person, order)
    held = {one.kind for one in papers if not one.voided_at}
    form.offer_kinds([kind for kind in fits if kind not in held & kinds.ONE_AN_ORDER])
    shown = {
        "order": order, "form": form, "papers": papers,
        "packages": [name for name in kinds.PACKAGES if queries.package(order, name, fits)],
        "may_issue": person.may("issue papers", order.centre_id),
        "may_void": person.may("void papers", order.centre_id),
        "is_due": order.outcome == REPAIRED and ACT not in held,
    }  # fmt: skip
    return respond(request, "documents/order_papers.html", shown)


@may("see papers")
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """The register: every paper of the centres whose papers he sees."""
    person = access.person(request)
    centres = list(Centre.objects.filter(pk__in=person.centre_ids("see papers")).order_by("name", "pk"))
    form = RegisterForm(request.GET or None, centres=centres)
    page = queries.register(person, form.filters, request.GET.get("cursor", ""))
    shown = {
        "form": form, "page": page, "is_asked": any(value for name, value in request.GET.items() if name != "cursor"),
        "may_open": person.centre_ids("issue papers"), "has_many_centres": len(centres) > 1,
    }  # fmt: skip
    return respond(request, "documents/papers.html", shown | addresses(request.GET, page))


@may("issue papers")
@require_safe
def paper(request: HttpRequest, key: int) -> HttpResponseBase:
    """The sheets of a paper: the very bytes that were printed first."""
    return files.answer(get_object_or_404(_openable(request), pk=key).file)


@may("issue papers")
@require_safe
@never_cache
def papers_print(request: HttpRequest) -> HttpResponse:
    """Several papers in one print, in the order asked for."""
    asked = [int(one) for one in request.GET.get("papers", "").split(",") if one.isascii() and one.isdecimal()]
    found = _openable(request).in_bulk(asked[:MOST_AT_ONCE])
    if not asked or set(found) != set(asked):
        raise Http404
    papers = [found[key] for key in asked]
    sheets = [
        (pdf, int(one.facts["n_pages"]), one.kind in kinds.LANDSCAPE)
        for one, pdf in zip(papers, queries.bytes_of(papers), strict=True)
    ]
    answer = HttpResponse(bundled(sheets, at=max(one.at for one in papers)), content_type="application/pdf")
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _openable(request: HttpRequest) -> Any:
    """Papers that he may open: they name the client with his phone and address."""
    centres = access.person(request).centre_ids("issue papers")
    return Document.objects.filter(centre__in=centres).select_related("file")


@may("void papers")
@once
def voiding(request: HttpRequest, key: int) -> HttpResponse:
    """Say that a paper does not hold, and why."""
    person = access.person(request)
    found = Document.objects.filter(centre__in=person.centre_ids("void papers"))
    document = get_object_or_404(found.select_related("order", "centre", "entity"), pk=key)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.void(document=document, reason=form.cleaned_data["reason"], by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("papers.done.voided"))
            return redirect("order_papers", document.order.number)
    return respond(request, "documents/voiding.html", {"document": document, "form": form})
