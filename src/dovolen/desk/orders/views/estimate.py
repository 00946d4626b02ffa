"""The estimate of an order: its lines, the client's word on them, declined work offered again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.once import once
from dovolen.desk.money.queries import prices_for, seller_of
from dovolen.desk.money.taxes import rates_on
from dovolen.desk.orders import actions
from dovolen.desk.orders.forms.order import ApprovalForm, LineForm, SeenLineForm
from dovolen.desk.orders.models import DECLINED, PROPOSED, Line, RepairOrder
from dovolen.desk.orders.queries.page import flags, technicians_of
from dovolen.desk.orders.views import sheets


@may("change prices")
@once
def new_line(request: HttpRequest, number: int) -> HttpResponse:
    """Propose a job, part or fee."""
    person = access.person(request)
    order = sheets.found(request, number, "price")
    wanted, chosen = request.GET.get("q", ""), request.GET.get("item", "")
    found = prices_for(order.category, order.centre, wanted)
    item = next((one for one in prices_for(order.category, order.centre) if str(one.pk) == chosen), None)
    form = LineForm(
        request.POST or None, order=order, technicians=technicians_of(order.centre),
        shows_cost=flags(person, order)["costs"], taxes=taxes_of(order),
        initial=LineForm.from_list(item) if item else None,
    )  # fmt: skip

    def act() -> None:
        facts = form.facts()
        if "cost" not in facts and item and item.name == facts["name"]:  # known to the list, though not to him
            facts["cost"] = item.cost
        actions.add_line(order=order, by=person, now=timezone.now(), **facts)

    shown = {"prices": found, "q": wanted, "item": item}
    return sheets.sheet(request, order, "new_line", form, act, template="orders/line.html", **shown)


def taxes_of(order: RepairOrder, kept: str = "") -> list[tuple[str, str]]:
    """Rates that a line of an order may have, its seller's usual one first; none before somebody sells there."""
    seller = seller_of(order.centre)
    if seller is None:
        return []
    name = words.current().name
    usual = words.say("order_page.usual_tax", tax=name("money.tax", seller.tax_code))
    allowed = rates_on(order.centre.local(timezone.now()).date(), seller.regime)
    codes = [*allowed, *([kept] if kept and kept not in allowed else [])]
    return [("", usual), *((code, name("money.tax", code)) for code in codes)]


@may("change prices")
def line(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Change a line; where the client's word was about something else, it counts no more."""
    person = access.person(request)
    order = sheets.found(request, number, "price")
    one = get_object_or_404(Line, pk=key, order=order)
    form = SeenLineForm(
        request.POST or None, order=order, technicians=technicians_of(order.centre),
        shows_cost=flags(person, order)["costs"], taxes=taxes_of(order, one.tax_code), initial=SeenLineForm.of(one),
    )  # fmt: skip

    def act() -> None:
        actions.change_line(line=one, seen=form.seen, by=person, now=timezone.now(), **form.facts())

    return sheets.sheet(
        request, order, "line", form, act, template="orders/line.html", line=one,
        may_discount=flags(person, order)["discount"],
    )  # fmt: skip


@may("change prices")
@require_POST
def line_removal(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Take a line out, as long as it is as the page showed it."""
    order = sheets.found(request, number, "price")
    one = get_object_or_404(Line, pk=key, order=order)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise Http404
    by = access.person(request)
    return sheets.attempt(
        request, order, "line_removal",
        lambda: actions.remove_line(line=one, seen=int(version), by=by, now=timezone.now()),
    )  # fmt: skip


@may("record approval")
@once
def approval(request: HttpRequest, number: int) -> HttpResponse:
    """What the client said to each line that waits for his word; all of them may be opened again."""
    order = sheets.found(request, number, "approve")
    lines = order.lines.order_by("position", "pk")
    asked = list(lines if request.GET.get("lines") == "all" else lines.filter(state=PROPOSED)) or list(lines)
    words_so_far = {f"word_{one.pk}": "no" for one in asked if one.state == DECLINED}
    first = {"who": order.customer.name, "told_how": "call", **words_so_far}
    form = ApprovalForm(request.POST or None, lines=asked, initial=first)

    def act() -> None:
        data = {name: form.cleaned_data[name] for name in ("who", "told_how", "note")}
        actions.record_approval(
            order=order, approved=form.approved(), declined=form.declined(), by=access.person(request),
            now=timezone.now(), **data,
        )  # fmt: skip

    return sheets.sheet(request, order, "approval", form, act, template="orders/approval.html")


@may("change prices")
@require_POST
@once
def offers(request: HttpRequest, number: int) -> HttpResponse:
    """Offer work again that the client declined in an earlier order."""
    order = sheets.found(request, number, "price")
    key = request.POST.get("line", "")
    one = get_object_or_404(Line.objects.exclude(order=order), pk=int(key) if key.isdecimal() else 0)
    by = access.person(request)
    return sheets.attempt(
        request, order, "offer", lambda: actions.offer_again(line=one, order=order, by=by, now=timezone.now())
    )
