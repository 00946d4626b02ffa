"""How an order goes on: stage, promise, waits, told, handed over."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.once import once
from dovolen.desk.money.queries import open_shift_of
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.forms.money import PickupForm
from dovolen.desk.orders.forms.order import (
    CancelForm,
    ChecklistForm,
    HoldForm,
    PromiseForm,
    StageForm,
    ToldForm,
)  # fmt: skip
from dovolen.desk.orders.models import APPROVED, CLOSED, DECLINED, READY, TOLD, RepairOrder, Stage
from dovolen.desk.orders.queries.page import flags, page_of
from dovolen.desk.orders.views import sheets
from dovolen.desk.orders.views.shown import dates_shown


@may("see orders")
@once
def stage(request: HttpRequest, number: int) -> HttpResponse:
    """Another stage, one step on or any other that he may move orders to."""
    person = access.person(request)
    order = sheets.found(request, number, "work", "force")
    open_to_him = [
        (one, queries.stage_name(one))
        for one in queries.stages()
        if one.phase not in (TOLD, CLOSED) and one.pk != order.stage_id
        and actions.may_move(person, one, order.centre_id)
    ]  # fmt: skip
    form = StageForm(
        request.POST or None, stages=open_to_him, may_force=flags(person, order)["force"],
        initial={"seen": order.stage_id},
    )  # fmt: skip

    def act() -> None:
        seen = get_object_or_404(Stage, pk=form.cleaned_data["seen"])
        forced = form.cleaned_data.get("force", False)
        actions.move(order=order, to=form.chosen, seen=seen, by=person, now=timezone.now(), force=forced)

    return sheets.sheet(request, order, "stage", form, act)


@may("promise")
@once
def promise(request: HttpRequest, number: int) -> HttpResponse:
    """Another date for the client, with those that like repairs kept."""
    person, now = access.person(request), timezone.now()
    order = sheets.found(request, number, "promise")
    page = page_of(order, person, now)
    dates = dates_shown(page, queries.promise_options(order.centre, order.category, order.norm_minutes, now=now))
    form = PromiseForm(
        request.POST or None, options=dates.options, is_first=order.promised_at is None,
        initial={"told_how": "call", "option": dates.best, "promised_at": page.outlook.ready_at},
    )  # fmt: skip

    def act() -> None:
        actions.promise(order=order, by=person, now=timezone.now(), **form.values())

    return sheets.sheet(request, order, "promise", form, act, template="orders/promise.html", page=page, now=now)


@may("see orders")
@once
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """What an order waits for."""
    order = sheets.found(request, number, "work")
    first = {"reason": order.hold_reason, "until": order.held_until, "note": order.hold_note}
    form = HoldForm(request.POST or None, initial=first if order.hold_reason else None)

    def act() -> None:
        actions.hold(order=order, by=access.person(request), now=timezone.now(), **form.cleaned_data)

    return sheets.sheet(request, order, "hold", form, act)


@may("see orders")
@require_POST
@once
def hold_end(request: HttpRequest, number: int) -> HttpResponse:
    """It waits no more."""
    order = sheets.found(request, number, "work")
    by = access.person(request)
    return sheets.attempt(request, order, "hold_end", lambda: actions.release(order=order, by=by, now=timezone.now()))


@may("see orders")
@once
def checklist(request: HttpRequest, number: int) -> HttpResponse:
    """What is done before it may be called ready; with its second button the order goes on at once."""
    person = access.person(request)
    order = sheets.found(request, number, "work")
    items = queries.ready_checklist(order)
    ticked = [item["text"] for item in items if item["is_on"]]
    form = ChecklistForm(
        request.POST or None, items=[item["text"] for item in items],
        initial={"version": order.version, "ticked": ticked},
    )  # fmt: skip
    goes_to = next((one for one in queries.stages() if one.phase == READY and one.needs_checklist), None)
    may_go = goes_to is not None and order.phase not in (READY, TOLD)

    @transaction.atomic
    def act() -> None:
        now = timezone.now()
        seen = order.stage
        actions.tick_ready_checklist(
            order=order, seen=form.seen, ticked=form.cleaned_data["ticked"], by=person, now=now
        )
        if may_go and goes_to and "goes_on" in request.POST:
            actions.move(order=order, to=goes_to, seen=seen, by=person, now=now)

    name = queries.stage_name(goes_to) if goes_to and may_go else ""
    return sheets.sheet(request, order, "checklist", form, act, template="orders/checklist.html", goes_to=name)


@may("hand over")
@once
def told(request: HttpRequest, number: int) -> HttpResponse:
    """The client was told that it is ready."""
    order = sheets.found(request, number, "hand_over")
    form = ToldForm(request.POST or None, initial={"how": "call"})

    def act() -> None:
        actions.tell(order=order, how=form.cleaned_data["how"], by=access.person(request), now=timezone.now())

    return sheets.sheet(request, order, "told", form, act, phone=_phone(request, order))


@may("hand over")
@once
def pickup(request: HttpRequest, number: int) -> HttpResponse:
    """Give the asset back: what was done, what is to pay, which warranty begins."""
    order = sheets.found(request, number, "hand_over")
    is_ready, may_do = order.phase in (READY, TOLD), flags(access.person(request), order)
    left = actions.left_at_hand_over(order)
    form = PickupForm(request.POST or None, order=order, left=left, is_ready=is_ready, may=may_do)

    def act() -> None:
        actions.hand_over(order=order, by=access.person(request), now=timezone.now(), **form.values())

    lines = list(order.lines.exclude(state=DECLINED).order_by("position", "pk"))
    shown = {
        "lines": lines,
        "n_waiting": order.n_waiting_lines,
        "total": sum(line.amount for line in lines if is_ready or line.state == APPROVED),
        "paid": order.account_paid or 0,  # type: ignore[attr-defined]
        "left": left,
        "over": max(0, (order.account_paid or 0) - actions.agreed_sum(order)),  # type: ignore[attr-defined]
        "is_ready": is_ready,
        "phone": _phone(request, order),
        "drawer": open_shift_of(order.centre),
        "may": may_do,
    }
    name = "pickup" if is_ready else "unrepaired"
    return sheets.sheet(request, order, name, form, act, template="orders/pickup.html", **shown)


@may("hand over")
@once
def cancellation(request: HttpRequest, number: int) -> HttpResponse:
    """An order that should not have been."""
    order = sheets.found(request, number, "hand_over")
    form = CancelForm(request.POST or None)

    def act() -> None:
        actions.cancel(order=order, reason=form.cleaned_data["reason"], by=access.person(request), now=timezone.now())

    note = words.say("order_page.cancel_note")
    return sheets.sheet(request, order, "cancellation", form, act, warning=note)


def _phone(request: HttpRequest, order: RepairOrder) -> str:
    """The client's number, for who may see it."""
    may_see = flags(access.person(request), order)["customers"]
    return (order.phone or "") if may_see else ""  # type: ignore[attr-defined]
