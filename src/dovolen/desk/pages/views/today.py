"""The first page after the log-in: what asks for something now, by role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.analysis import at_work
from dovolen.desk.analysis.queries import at_work as known
from dovolen.desk.core import access, words
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders.queries import flow as flows
from dovolen.desk.orders.queries import today as orders
from dovolen.desk.pages import queries, rows, screens, waiting
from dovolen.desk.planning import queries as planning
from dovolen.desk.tasks import queries as tasks
from dovolen.desk.tasks.models import CALL, CONTROL_CALL

BEAT = timedelta(minutes=5)
"""How old clocks on the page may grow while nothing happens."""
SHOWN_BESIDE = 5
HALF_HOUR = timedelta(minutes=30)
SEEN = "X-Seen"
KEYS = (("J K", "rows"), ("Enter", "enter"), ("C", "call"))


@may(SIGNED_IN)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What asks for something now, the most urgent first; a page that looks again hears 204 when all is as it was."""
    person, now = access.person(request), timezone.now()
    if SEEN in request.headers and request.headers[SEEN] == _stamp(queries.latest_event(), now):
        return HttpResponse(status=204)
    role = screens.chosen(person, request.GET.get("role", ""))
    house = queries.house_of(person)
    shown: dict[str, Any] = {
        "now": now, "role": role, "roles": screens.screens_of(person), "steps": house.steps, "is_new": house.is_new,
        "stamp": _stamp(house.latest_event, now), "may_take_in": person.may("take in"),
        "may_see_customers": person.may("see customers"), "may_see_ledger": person.may("see the ledger"),
        "may_plan": person.may("plan work"), "may_see_base": person.may("see the base"),
        "page_keys": [(key, words.say(f"today.key.{name}")) for key, name in KEYS],
    }  # fmt: skip
    if role:
        shown |= _panels(person, screens.SCREENS[role], request.GET.get("all", ""), now)
    return respond(request, "pages/today.html", shown)


def _stamp(latest_event: int, now: datetime) -> str:
    return f"{latest_event}.{int(now.timestamp() // BEAT.total_seconds())}"


def _panels(person: Staff, screen: screens.Screen, whole: str, now: datetime) -> dict[str, Any]:
    """The panels of a screen, each asked for once and only where it stands."""
    midnight = _midnight(now)
    shown: dict[str, Any] = {"screen": screen, "whole": whole if whole in screen.kinds else ""}
    found = orders.attention(person, screen.kinds, now, whole=whole, beside=_beside(person)) if screen.kinds else {}
    waits = waiting.waiting(person, screen.waiting, now, midnight, own=screen.has(orders.MINE))
    with_centre = rows.wide(person)
    shown |= _may_leave(person, screen, waits)

    def drawn(kind: str) -> dict[str, Any]:
        if kind in waits:
            return {"kind": kind, "waits": waits[kind][:SHOWN_BESIDE], "n": len(waits[kind])}
        if kind not in found:
            return {"kind": kind}
        told = [rows.told(kind, row, now, with_centre=with_centre) for row in found[kind].rows]
        return {"kind": kind, "panel": found[kind], "rows": told}

    shown["work"] = [drawn(kind) for kind in screen.work]
    shown["beside"] = [drawn(kind) for kind in screen.beside]
    if screen.has(screens.TASKS, screens.CALLS):
        shown |= _tasks(person, midnight)
    if screen.has(screens.TIME):
        shown["slots"] = planning.slots_of(person, _midnight(now, days=0), midnight)
    if screen.has(screens.BOOKINGS):
        shown["slots"] = planning.expected(person, _midnight(now, days=0), midnight)
    if screen.has(screens.OUT):
        shown["out"] = flows.handed_over(person, _midnight(now, days=0))
    if screen.has_strip:
        shown |= _strip(person, now)
    return shown


def _beside(person: Staff) -> orders.Beside:
    """What is known of the client of each order, for who sees clients."""
    if not person.may("see customers"):
        return orders.NOTHING
    return orders.Beside(known.stake_of(person), known.told_of(person, "customer"))


@dataclass(frozen=True)
class Leaving:
    """A client who may leave: why, how much goes with him, what to do about it."""

    customer_id: int
    name: str
    risk: at_work.Risk
    stake: int | None
    currency: str


def _may_leave(person: Staff, screen: screens.Screen, waits: dict[str, list[waiting.Row]]) -> dict[str, Any]:
    """Of the whole base, or of those who are here today."""
    if screen.has(screens.LOSING):
        return {"losing": _losing(person)}
    here = waits.pop(waiting.LEAVING, [])
    return {"losing": [_leaving(row) for row in here[:SHOWN_BESIDE]], "n_losing": len(here)}


def _losing(person: Staff) -> list[Leaving]:
    """Clients who may leave, those with most money at stake first."""
    rows: list[Any] = known.losing(person, SHOWN_BESIDE)
    return [
        Leaving(
            row.customer_id, row.customer.name, at_work.risk_of(row.risk, at_work.printer_of(row.study_meta or {})),
            row.value_at_risk, (row.study_meta or {}).get("currency") or "RUB",
        )
        for row in rows if row.risk
    ]  # fmt: skip


def _leaving(row: waiting.Row) -> Leaving:
    """One of those who are here today."""
    risk = at_work.risk_of({"point": row.what, "number": row.number}, None)
    return Leaving(row.customer_id or row.key, row.who, risk, row.amount, row.detail or "RUB")


def _midnight(now: datetime, days: int = 1) -> datetime:
    """When today ends (or began), on the clock of the one who looks."""
    day = timezone.localdate(now) + timedelta(days=days)
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _tasks(person: Staff, until: datetime) -> dict[str, Any]:
    due = tasks.due_until(person, until)
    calls = [task for task in due if task.kind in (CALL, CONTROL_CALL)]
    others = [task for task in due if task.kind not in (CALL, CONTROL_CALL)]
    return {
        "calls": calls[:SHOWN_BESIDE], "n_calls": len(calls), "tasks": others[:SHOWN_BESIDE], "n_tasks": len(others),
    }  # fmt: skip


def _strip(person: Staff, now: datetime) -> dict[str, Any]:
    """The shift, what came in and went out today, and from when on new work fits in."""
    seen = [place.centre for place in person.places if person.may("see orders", place.centre_id)]
    centre = next((one for one in seen if person.may("keep the shift log", one)), seen[0])
    shift = tasks.shift_now(centre)
    centres = {one.pk: one for one in seen}
    flow = flows.flow(centres, _midnight(now, days=0), _midnight(now))
    opening = Opening.of(centre)
    days = sum(bool(opening.on(timezone.localdate(now) - timedelta(days=n))) for n in range(1, flows.USUAL_DAYS + 1))
    return {
        "shift": shift, "flow": flow, "usual": flow.usual(days), "strip_centre": centre,
        "free_at": _free_at(centre, shift, flow, now), "may_keep_log": person.may("keep the shift log"),
    }  # fmt: skip


def _free_at(centre: Centre, shift: tasks.Now, flow: flows.Flow, now: datetime) -> str:
    """When the technicians on the shift will have done what is in work; none while nobody knows who works."""
    n = shift.roles.get(TECHNICIAN, 0)
    if not n or not flow.queue_minutes:
        return ""
    at = Opening.of(centre).after(now, flow.queue_minutes // n)
    return rows.shortly(at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % HALF_HOUR, now)
