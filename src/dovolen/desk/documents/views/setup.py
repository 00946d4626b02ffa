"""How the papers of each centre look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, files, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.documents import actions, queries
from dovolen.desk.documents.actions.setup import logo_of
from dovolen.desk.documents.forms import SetupForm
from dovolen.desk.orders.pictures import MOST_BYTES

TEXTS = ("footer", "receipt_terms", "warranty_terms")


@may("set up papers")
@require_safe
def paper_setups(request: HttpRequest) -> HttpResponse:
    """Centres whose papers he sets up."""
    return respond(request, "documents/setups.html", {"setups": queries.setups_of(access.person(request))})


@may("set up papers")
def paper_setup(request: HttpRequest, key: int) -> HttpResponse:
    """Logo, own terms and the foot of a centre's papers."""
    centre = _centre(request, key)
    held = queries.setup_of(centre)
    initial = {"version": held.version} | {name: getattr(held, name) for name in TEXTS}
    form = SetupForm(request.POST or None, request.FILES or None, has_logo=bool(held.logo_id), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _set_up(request, centre, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("papers.done.set_up"))
            return redirect("paper_setups")
    return respond(request, "documents/setup.html", {"centre": centre, "setup": held, "form": form})


def _set_up(request: HttpRequest, centre: Centre, form: SetupForm) -> None:
    upload: Any = form.cleaned_data["logo"]
    logo = logo_of(upload.read(MOST_BYTES + 1)) if upload else b"" if form.cleaned_data.get("drops_logo") else None
    told = {name: form.cleaned_data[name] for name in TEXTS}
    actions.set_up_papers(
        centre=centre, seen=form.seen, logo=logo, by=access.person(request), now=timezone.now(), **told
    )


@may("set up papers")
@require_safe
def paper_logo(request: HttpRequest, key: int) -> HttpResponseBase:
    """The logo of a centre."""
    held = queries.setup_of(_centre(request, key))
    if held.logo is None:
        raise Http404
    return files.answer(held.logo)


def _centre(request: HttpRequest, key: int) -> Centre:
    return get_object_or_404(Centre, pk__in=access.person(request).centre_ids("set up papers") & {key})
