"""What is known of a client, in parts that pages fetch: points and risks on his card, a short form at intake, what an
order is losing now, his class and technician."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import at_work, losing, points
from dovolen.desk.analysis.models import ClientResult, OrderScore, StudySheet
from dovolen.desk.analysis.packing import unpacked
from dovolen.desk.analysis.queries import at_work as queries
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import CLASSES, Customer

SEE = "see customers"
ORDERS = 3
"""Scored orders whose points the card opens."""
SHORT = 4
PAGE = 50


@may(SEE)
@require_safe
def customer_knowledge(request: HttpRequest, customer: int) -> HttpResponse:
    """The points of his latest orders, his signs of leaving with what they did here, and why he is of his class."""
    person = access.person(request)
    one = get_object_or_404(_clients(person), pk=customer)
    row = queries.result(person, one.pk)
    shown: dict[str, Any] = {"customer": one, "row": row, "may": _rights(person)}
    if row is not None:
        printer = at_work.printer_of(row.snapshot.meta)
        shown |= {"reasons": printer.reasons(row.class_reasons), "risks": _risks(row, printer), "cut": _cut(row)}
        if person.may("see orders"):
            shown |= _points(person, one.pk, request.GET.get("order", ""))
    return respond(request, "pages/client_knowledge.html", shown)


def _clients(person: Staff) -> Any:
    return Customer.objects.visible_to(person).select_related("technician", "class_hand_by")


def _rights(person: Staff) -> dict[str, bool]:
    asked = {"set_classes": "set classes", "change": "change customers", "see_orders": "see orders"}
    return {name: person.may(right) for name, right in asked.items()}


def _cut(row: ClientResult) -> int:
    return int(row.snapshot.meta.get("config", {}).get("offer_cut", 49))


def _points(person: Staff, customer: int, wanted: str) -> dict[str, Any]:
    """The orders to choose from, and every point of the chosen one."""
    found = queries.scored(person, customer, ORDERS)
    chosen = next((one for one in found if str(one.order.number) == wanted), found[0] if found else None)
    if chosen is None:
        return {"scored": []}
    told = points.told(chosen.points, _steps(chosen))
    least = min((one.points for one in told.counted), default=0) or -1
    rows = [(one, round(100 * one.points / least) if one.is_loss else 0) for one in told.counted]
    return {"scored": found, "chosen": chosen, "points": rows, "score": None if chosen.is_unsure else chosen.score}


def _steps(row: OrderScore) -> points.Steps:
    kept = StudySheet.objects.filter(snapshot=row.snapshot_id, key="satisfaction.card").first()
    if kept is None:
        return {}
    columns = tuple((name, unit) for name, unit in kept.columns)
    return points.steps_of(columns, unpacked(kept.rows, columns))


def _risks(row: ClientResult, printer: Any) -> list[dict[str, Any]]:
    """Each sign with its evidence, and how clients with it and without it really came back here."""
    found = queries.risks_of(row)
    kept = StudySheet.objects.filter(snapshot=row.snapshot_id, key="risk.points").first() if found else None
    returned: dict[str, dict[str, Any]] = {}
    if kept is not None:
        columns = tuple((name, unit) for name, unit in kept.columns)
        names = [name for name, _ in columns]
        records = [dict(zip(names, one, strict=True)) for one in unpacked(kept.rows, columns)]
        returned = {one["point"]: one for one in records}
    return [
        {"risk": at_work.risk_of(_told(one), printer), "returned": returned.get(one.point, {})} for one in found
    ]  # fmt: skip


def _told(row: Any) -> dict[str, Any]:
    number = row.order.number if row.order_id else None
    return {"point": row.point, "evidence": row.evidence, "number": number, "expires_on": row.expires_on}


@may(SEE)
@require_safe
def customer_short(request: HttpRequest, customer: int) -> HttpResponse:
    """The same in short, for the first words at intake."""
    person = access.person(request)
    one = get_object_or_404(_clients(person).annotate(**queries.told_of(person)), pk=customer)
    known = at_work.Known(one)
    lost = _lost(person, one.pk) if known.is_studied and person.may("see orders") else []
    return respond(request, "pages/client_short.html", {"customer": one, "known": known, "lost": lost})


def _lost(person: Staff, customer: int) -> list[tuple[points.Point, Any]]:
    """What took most points of his latest orders."""
    found = [
        (one, row.order) for row in queries.scored(person, customer, ORDERS) if not row.is_unsure
        for one in points.told(row.points, {}).lost if not one.is_unknown
    ]  # fmt: skip
    return sorted(found, key=lambda pair: pair[0].points)[:SHORT]


@may("see orders")
@require_safe
def order_losing(request: HttpRequest, number: int) -> HttpResponse:
    """The points an order is losing now, and those it will lose next."""
    person, now = access.person(request), timezone.now()
    order = get_object_or_404(losing.orders_of(person), number=number)
    sees = person.may(SEE, order.centre_id)
    shown = {"order": order, "losing": losing.losing(order, now), "sees_client": sees}
    if sees:
        told = Customer.objects.filter(pk=order.customer_id).annotate(**queries.told_of(person))
        shown["known"] = at_work.Known(told.select_related("technician", "class_hand_by").get())
    return respond(request, "pages/order_losing.html", shown)


# ── Class and technician ─────────────────────────────────────────────────────────────────────────────────────────────


@may(SEE)
def customer_class(request: HttpRequest, customer: int) -> HttpResponse:
    """His class by the rule and by hand, and whose client he is."""
    person, now = access.person(request), timezone.now()
    one = get_object_or_404(_clients(person), pk=customer)
    technicians = accounts.people_at(person.centre_ids("change customers"))
    problem, rows = "", []
    if request.method == "POST":
        try:
            _settle(request, one, person, now)
        except Refusal as refusal:
            problem = str(refusal)
            one.refresh_from_db()
            rows = _differences(refusal, technicians) if isinstance(refusal, Stale) else []
        else:
            messages.success(request, words.say("at_work.done"))
            return redirect("customer", one.pk)
    row = queries.result(person, one.pk)
    shown = {
        "customer": one, "row": row, "classes": CLASSES, "technicians": technicians, "problem": problem,
        "differences": rows, "chosen_class": request.POST.get("class", one.class_hand),
        "chosen_technician": request.POST.get("technician", str(one.technician_id or "")), "may": _rights(person),
        "reasons": at_work.printer_of(row.snapshot.meta).reasons(row.class_reasons) if row else "",
    }  # fmt: skip
    return respond(request, "pages/client_class.html", shown)


def _differences(stale: Stale, technicians: Iterable[Staff]) -> list[dict[str, str]]:
    """What a colleague chose meanwhile beside what was chosen here."""
    names = {one.pk: one.name for one in technicians}
    shown: dict[str, tuple[str, Callable[[Any], str]]] = {
        "class_hand": ("at_work.class_by_hand", lambda code: words.current().name("class", code or "by_rule")),
        "technician": ("at_work.technician", lambda key: names.get(key) or words.say("at_work.no_technician")),
    }  # fmt: skip
    found = [(shown[one.field], one) for one in stale.differences if one.field in shown]
    return [
        {"label": words.say(label), "theirs": told(one.theirs), "mine": told(one.mine)} for (label, told), one in found
    ]  # fmt: skip


def _settle(request: HttpRequest, one: Customer, person: Staff, now: Any) -> None:
    seen = request.POST.get("version", "")
    about: dict[str, Any] = {
        "customer": one, "seen": int(seen) if seen.isdecimal() and len(seen) < 10 else 0, "by": person, "now": now,
    }  # fmt: skip
    if "technician" in request.POST:
        key = request.POST["technician"]
        chosen = Staff.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
        people.choose_technician(technician=chosen, **about)
    else:
        people.set_class(client_class=request.POST.get("class", ""), **about)


@may("set classes")
@require_safe
def class_contradictions(request: HttpRequest) -> HttpResponse:
    """Clients whose mark or hand-set class and the facts say different things: a check on managers."""
    person = access.person(request)
    after = request.GET.get("after", "")
    cursor = int(after) if after.isdecimal() and len(after) < 18 else 0
    found = queries.contradictions(person, cursor, PAGE + 1)
    later = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    printer = at_work.printer_of({})
    seen = set(
        Customer.objects.visible_to(person)
        .filter(pk__in=[one.customer_id for one in found])
        .values_list("pk", flat=True)
    )
    rows = [(one, _says(one), printer.reasons(one.class_reasons)) for one in found[:PAGE] if one.customer_id in seen]
    shown = {"rows": rows, "later": later, "is_link": request.headers.get("HX-Target") == "disputes"}
    return respond(request, "pages/class_contradictions.html", shown)


def _says(row: ClientResult) -> str:
    if row.customer.class_hand:
        return "by_hand"
    return "marked_without_reason" if row.customer.regular_mark else "should_be_marked"
