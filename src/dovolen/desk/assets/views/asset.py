"""One asset: what is told of it, whose it is, whether it is still there. The page itself stands above, in `pages`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.assets import actions
from dovolen.desk.assets.forms import AssetForm, LeftForm
from dovolen.desk.assets.models import Asset
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.changes import Stale
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer

N_FOUND = 8


def changeable(request: HttpRequest, key: int) -> Asset:
    """An asset at a centre where he may change assets."""
    assets = Asset.objects.visible_to(access.person(request), actions.RIGHT).select_related("category", "owner")
    return get_object_or_404(assets, pk=key)


@may("change assets")
def details(request: HttpRequest, asset: int) -> HttpResponse:
    """Change what is told of an asset."""
    found = changeable(request, asset)
    form = AssetForm(request.POST or None, asset=found)
    if form.is_valid():
        try:
            actions.change_asset(
                asset=found, seen=form.seen, by=access.person(request), now=timezone.now(), **form.told()
            )
        except Stale as stale:
            form.refuse(stale)
        except actions.SerialTaken as refusal:
            form.refuse(refusal, "serial_number")
        else:
            messages.success(request, words.say("assets.done.changed"))
            return redirect("asset", found.pk)
    return respond(request, "assets/details.html", {"form": form, "asset": found, "left": LeftForm()})


@may("change customers")
def owner(request: HttpRequest, asset: int) -> HttpResponse:
    """Give an asset to another client, found by name or phone."""
    found, person = changeable(request, asset), access.person(request)
    if request.method == "POST":
        chosen = get_object_or_404(Customer.objects.visible_to(person), pk=_number(request.POST.get("owner")))
        actions.change_owner(asset=found, owner=chosen, by=person, now=timezone.now())
        messages.success(request, words.say("assets.done.owner", name=chosen.name))
        return redirect("asset", found.pk)
    typed = request.GET.get("q", "").strip()
    likes = people.similar(name=typed, phone=typed, staff=person, n=N_FOUND, omit=found.owner_id or 0) if typed else []
    return respond(request, "assets/owner.html", {"asset": found, "typed": typed, "found": likes})


def _number(text: str | None) -> int:
    """A key that was sent; one that is none finds nobody."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@may("change assets")
@require_POST
def presence(request: HttpRequest, asset: int) -> HttpResponse:
    """The client has it no more, or has it again."""
    found, person, now = changeable(request, asset), access.person(request), timezone.now()
    if request.POST.get("is_here"):
        actions.come_back(asset=found, by=person, now=now)
        messages.success(request, words.say("assets.done.came_back"))
        return redirect("asset", found.pk)
    form = LeftForm(request.POST)
    if form.is_valid():
        actions.mark_left(asset=found, reason=form.cleaned_data["left_reason"], by=person, now=now)
        messages.success(request, words.say("assets.done.left"))
    return redirect("asset", found.pk)
