"""The intake: one page for whoever came, whatever he brought."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dovolen.desk.assets.models import FaultLine
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.orders import pictures
from dovolen.desk.orders.actions import NewLine, Told, taking
from dovolen.desk.orders.forms.intake import MOST_PHOTOS, IntakeForm
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.views import intake_steps
from dovolen.desk.orders.views.intake_sheet import Sheet
from dovolen.desk.people import phones

PAGE = "orders/intake.html"
AT_FIELD = {"BadPhone": "phone", "NoName": "name", "BadRequisites": "tax_number", "NoClient": "q"}
"""Where a refusal is shown; the others stand above the form."""


@may("take in")
@never_cache
def intake(request: HttpRequest) -> HttpResponse:
    """Take in a device. Photos are drawn and the form is read before the transaction: nobody waits for that."""
    if request.method != "POST":
        source = request.GET.copy()
        intake_steps.begin(source, access.person(request))
        return _page(request, _drawn(request, source))
    photos, problems = _photos(request)
    form = IntakeForm(request.POST, source=request.POST, person=access.person(request), now=timezone.now())
    form.is_valid()
    for problem in problems:
        form.add_error(None, problem)
    told = {} if form.errors else _told(Sheet(form))
    return _take(request, form, told | {"photos": photos})


@once
def _take(request: HttpRequest, form: IntakeForm, told: dict[str, Any]) -> HttpResponse:
    if not form.errors:
        try:
            order = taking.take_in(**told, by=form.person, now=form.now)
        except Refusal as refusal:
            form.refuse(refusal, AT_FIELD.get(type(refusal).__name__))
        else:
            return _gone_on(request, order)
    return _page(request, form)


def _gone_on(request: HttpRequest, order: RepairOrder) -> HttpResponse:
    """To the slip, or to the order where none is wanted; a script is told where to go."""
    messages.success(request, words.say("intake.done", number=order.number))
    slip = reverse("slip", args=[order.number])
    url = slip if not request.POST.get("no_slip") else reverse("order", args=[order.number])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@may("take in")
@require_POST
@never_cache
def draft(request: HttpRequest) -> HttpResponse:
    """The page with what is known of what was typed so far; nothing is kept."""
    source = request.POST.copy()
    form = _drawn(request, source)
    intake_steps.apply(source, form)
    return _page(request, _drawn(request, source))


def _drawn(request: HttpRequest, source: QueryDict) -> IntakeForm:
    return IntakeForm.drawn(source, person=access.person(request), now=timezone.now())


def _page(request: HttpRequest, form: IntakeForm) -> HttpResponse:
    shown = {"form": form, "sheet": Sheet(form), "may_set_up": form.person.may("set up orders")}
    return respond(request, PAGE, shown)


# ── What the action is told ──────────────────────────────────────────────────────────────────────────────────────────


def _told(sheet: Sheet) -> dict[str, Any]:
    """The form as `take_in` wants it."""
    form, data = sheet.form, sheet.form.cleaned_data
    told = Told(
        fault_text=data["fault_text"], condition=data["condition"], accessories=data["accessories"],
        checklist=[{"text": check.text, "is_on": check.is_on} for check in sheet.checks],
        odometer=data["odometer"], password=data["password"], pay_type=data["pay_type"] or "customer_pay",
        place=data["place"] or "workshop", shelf=data["shelf"],
        estimate=sheet.total if form.rows or sheet.offers else None,
    )  # fmt: skip
    return {
        "centre": form.centre, "customer": _who(form), "asset": _what(form), "told": told,
        "becomes_owner": form.typed("owner") == "change", "consents": _new_consents(sheet),
        "promised_at": data["promised_at"], "lines": _lines(form), "offered": sheet.offers,
        "rework_of": next((past.order for past in sheet.redone if past.order.pk == sheet.rework), None),
    }  # fmt: skip


def _who(form: IntakeForm) -> taking.Who:
    if form.known:
        return form.known
    if form.elsewhere:
        return taking.KnownElsewhere(form.elsewhere, phones.normal(form.typed("q")) or "")
    if form.typed("is_company"):
        return taking.NewCompany(*(form.typed(name) for name in ("name", "phone", "contact", "tax_number")))
    return taking.NewPerson(form.typed("name"), form.typed("phone"))


def _what(form: IntakeForm) -> Any:
    if form.asset:
        return form.asset
    assert form.kind is not None
    named = form.model_and_brand()
    return taking.NewAsset(
        form.kind, serial_number=form.typed("serial_number"), plate=form.cleaned_data["plate"], **named
    )


def _new_consents(sheet: Sheet) -> list[str]:
    """What was ticked and not given before."""
    return [one.purpose for one in sheet.agreements if one.is_on and not one.given]


def _lines(form: IntakeForm) -> list[NewLine]:
    """Lines as typed; what a template's line costs us and takes is read from it, never from the page."""
    keys = [int(row.source) for row in form.rows if row.is_of_template]
    known = FaultLine.objects.filter(fault__category=form.kind).in_bulk(keys) if keys else {}
    found = ((row, known.get(int(row.source)) if row.is_of_template else None) for row in form.rows)
    return [
        NewLine(row.kind, row.name, row.minor or 0, cost=line.cost, norm_minutes=line.norm_minutes)
        if line
        else NewLine(row.kind, row.name, row.minor or 0)
        for row, line in found
    ]


def _photos(request: HttpRequest) -> tuple[list[tuple[pictures.Picture, str]], list[str]]:
    """Photos drawn anew, and what is wrong with those that are none."""
    found: list[tuple[pictures.Picture, str]] = []
    problems: list[str] = []
    uploads = request.FILES.getlist("photos")
    if len(uploads) > MOST_PHOTOS:
        return [], [words.say("intake.problem.photos", most=MOST_PHOTOS)]
    for upload in uploads:
        name = str(upload.name or "")
        try:
            found.append((pictures.drawn(upload.read(pictures.MOST_BYTES + 1)), name))
        except Refusal as refusal:
            problems.append(words.say("intake.problem.photo", name=name[:60], why=str(refusal)))
        finally:
            upload.seek(0)
    return found, problems
