"""The drawer of a centre: its shift now, money put in and out, its count, the shifts that were."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.money import actions, queries
from dovolen.desk.money.forms.shifts import ClosingForm, MoveForm, OpeningForm
from dovolen.desk.money.models import CashShift
from dovolen.desk.money.queries.shifts import SHOWN, last_counted, report_of, shifts_before, shifts_of
from dovolen.desk.money.views.rooms import centre_asked
from dovolen.desk.shell.forms import WordedForm

RIGHT = "keep cash"


@may(RIGHT)
@once
def cash(request: HttpRequest) -> HttpResponse:
    """The open shift of a centre, or its opening; closed ones below."""
    person = access.person(request)
    centre, centres = centre_asked(request, RIGHT)
    shift, last = queries.open_shift_of(centre), last_counted(centre)
    form = OpeningForm(request.POST or None, initial={"opening": (last.counted or 0) if last else 0})
    form.count_in(centre.currency)

    def act() -> None:
        actions.open_shift(centre=centre, opening=form.cleaned_data["opening"], by=person, now=timezone.now())

    if _is_done(request, form, act):
        messages.success(request, words.say("cash.done.open"))
        return redirect(f"{reverse('cash')}?centre={centre.pk}")
    before = request.GET.get("before", "")
    closed = shifts_before(person, centre, int(before) if before.isdecimal() else None)
    shown = {
        "centre": centre, "centres": centres, "shift": shift, "report": report_of(shift) if shift else None,
        "last": last, "form": form, "closed": closed[:SHOWN],
        "more": closed[SHOWN - 1].number if len(closed) > SHOWN else None,
    }  # fmt: skip
    return respond(request, "money/shifts.html", shown)


@may(RIGHT)
@require_safe
def cash_shift(request: HttpRequest, key: int) -> HttpResponse:
    """One shift: what came in every way, what was put in and out, what was counted."""
    shift = _found(request, key)
    return respond(request, "money/shift.html", {"shift": shift, "report": report_of(shift)})


@may(RIGHT)
@once
def cash_moves(request: HttpRequest, key: int) -> HttpResponse:
    """Money put into the drawer or taken out, with its reason."""
    shift = _found(request, key)
    form = MoveForm(request.POST or None, currency=shift.currency, initial={"kind": "out"})

    def act() -> None:
        actions.move_cash(shift=shift, by=access.person(request), now=timezone.now(), **form.cleaned_data)

    if _is_done(request, form, act):
        messages.success(request, words.say("cash.done.move"))
        return redirect(f"{reverse('cash')}?centre={shift.centre_id}")
    return respond(request, "money/shift_move.html", {"shift": shift, "form": form, "report": report_of(shift)})


@may(RIGHT)
@once
def cash_closing(request: HttpRequest, key: int) -> HttpResponse:
    """The count that closes a shift; what should be there is told only after it."""
    shift = _found(request, key)
    form = ClosingForm(request.POST or None, currency=shift.currency)

    def act() -> None:
        counted, note = form.cleaned_data["counted"], form.cleaned_data["note"]
        actions.close_shift(shift=shift, counted=counted, note=note, by=access.person(request), now=timezone.now())

    if _is_done(request, form, act):
        messages.success(request, words.say("cash.done.close"))
        return redirect("cash_shift", key=shift.pk)
    return respond(request, "money/shift_closing.html", {"shift": shift, "form": form, "report": report_of(shift)})


# ── What these pages share ───────────────────────────────────────────────────────────────────────────────────────────


def _is_done(request: HttpRequest, form: WordedForm, act: Callable[[], object]) -> bool:
    """Whether a form that was sent is sound and was done; a refusal stands in it."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _found(request: HttpRequest, key: int) -> CashShift:
    return get_object_or_404(shifts_of(access.person(request)), pk=key)
