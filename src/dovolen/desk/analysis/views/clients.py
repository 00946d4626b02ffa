"""Names behind a figure: clients of a snapshot by filters, page by page; tasks from them, a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import drill
from dovolen.desk.analysis.actions import lists
from dovolen.desk.analysis.forms_lists import ExportForm, ListTasksForm, NamesForm
from dovolen.desk.analysis.models import ClientResult
from dovolen.desk.analysis.queries import clients as queries
from dovolen.desk.analysis.views.named import named
from dovolen.desk.analysis.views.shown import READY, RIGHT, Shown, page, shown
from dovolen.desk.core import sheets, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.people.models import Customer

NAMED = 8
NAMED_BY = {"reading": "reading", "class_": "class", "abc": "study.chosen.abc"}
IN_FORM = ("state", "segment", "point", "mood", "kind", "sort")
COLUMNS = (
    "client", "phone", "kind", "state", "rfm", "segment", "class", "mood", "signs", "chance", "orders", "last",
    "money", "risk_money",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """A filter in words, and the address of the list without it."""

    text: str
    url: str


@may(RIGHT)
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """The list."""
    return page(request, "analysis/clients.html", "clients", fill=lambda seen: _fill(seen, ExportForm()))


def _fill(seen: Shown, export: ExportForm) -> dict[str, Any]:
    assert seen.snapshot is not None
    filters = _asked_for(seen)
    found = queries.clients_page(seen.snapshot, filters, seen.request.GET.get("cursor", "")[:12])
    carried = {"scope": seen.scope_key, "day": seen.day}
    told = filters.told()
    return {
        "page": found, "rows": named(seen, found.rows), "form": NamesForm(filters), "filters": filters,
        "chosen": _chosen(seen, filters, carried), "export": export, "query": drill.address(**told, **carried),
        "hidden": {name: value for name, value in (told | carried).items() if name not in IN_FORM and value},
        "may_export": _may_export(seen), "most": words.current().number(queries.COUNTED),
        "many": lists.MANY_CLIENTS, "is_of_many": found.n > lists.MANY_CLIENTS,
        **{side: _beside(told | carried, getattr(found, side)) for side in ("earlier", "later")},
    }  # fmt: skip


def _asked_for(seen: Shown) -> queries.Filters:
    """What the address asks for, but for what follows from costs or from a centre that he does not see."""
    filters = queries.Filters.of(seen.request.GET)
    if filters.also not in seen.person.centre_ids(RIGHT):
        filters = replace(filters, also=None)
    return filters if seen.sees_costs else replace(filters, key="")


def _may_export(seen: Shown) -> bool:
    assert seen.scope is not None
    held = seen.person.centre_ids(lists.EXPORT)
    return seen.scope.centre.pk in held if seen.scope.centre else seen.person.centre_ids(RIGHT) <= held


def _beside(told: dict[str, Any], cursor: str) -> str:
    return f"?{drill.address(**told, cursor=cursor)}" if cursor else ""


def _chosen(seen: Shown, filters: queries.Filters, carried: dict[str, str]) -> list[Chosen]:
    """Filters that came by a figure's link: each may be taken off."""
    say = words.current()
    day = say.say("study.chosen.since", day=say.date(filters.since, short=True)) if filters.since else ""
    told = {
        **_grades(seen, filters),
        "code27": "" if filters.code27 is None else say.say("study.chosen.code27", code=filters.code27),
        "flow": " ".join(filter(None, (say.name("step", filters.flow), day))) if filters.flow else "",
        "segment_was": _before(filters.segment_was and say.name("segment", filters.segment_was), filters.segment_was),
        **{
            name: say.name(family, getattr(filters, name))
            for name, family in NAMED_BY.items()
            if getattr(filters, name)
        },
        "key": say.say("study.chosen.key", kind=say.name("key_kind", filters.key)) if filters.key else "",
        "also": say.say("study.chosen.also", centre=_centre(filters.also)) if filters.also is not None else "",
        "source": say.say("study.chosen.source", source=_source(filters.source)) if filters.source else "",
    }
    return [
        Chosen(text, f"?{drill.address(**{**filters.without(name.rstrip('_')), **carried})}")
        for name, text in told.items() if text
    ]  # fmt: skip


def _grades(seen: Shown, filters: queries.Filters) -> dict[str, str]:
    """Grades as the grid's labels tell them."""

    def label(value: int) -> int:
        return seen.printer.grade(value) if 1 <= value <= seen.printer.grid else value

    given = {name: getattr(filters, name) for name in ("r", "f", "m")}
    told = {name: f"{name.upper()} {label(value)}" for name, value in given.items() if value is not None}
    was = filters.r_was
    return told | {"r_was": _before(f"R {label(int(was))}" if was.isdigit() else was, was)}


def _before(name: str, was: str) -> str:
    """A grade or a segment on the earlier day."""
    if was == queries.UNTOLD:
        return words.say("study.chosen.absent")
    return words.say("study.chosen.was", what=name) if was else ""


def _centre(key: int) -> str:
    return Centre.objects.get(pk=key).name


def _source(source: str) -> str:
    return words.say("study.chosen.untold") if source == queries.UNTOLD else source


# ── Tasks from a list ────────────────────────────────────────────────────────────────────────────────────────────────


@may(RIGHT)
@once
def list_tasks(request: HttpRequest) -> HttpResponse:
    """A task about each client of the list, or about those that were picked."""
    seen = shown(request)
    if seen.state != READY or seen.snapshot is None:
        return redirect("base_clients")
    filters, centres = _asked_for(seen), accounts.centres_managed_by(seen.person, "see tasks")
    customers = _picked(request, seen, filters)
    form = ListTasksForm(request.POST or None, centres=centres, initial=_asked(filters))
    if form.is_valid():
        try:
            given = lists.give_tasks(
                snapshot=seen.snapshot, customers=customers, by=seen.person, now=timezone.now(), **form.facts()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _done(given))
            return redirect("tasks")
    n = len(customers)
    told = {
        "form": form, "shown": seen, "customers": customers[:NAMED], "n": n, "most": lists.MOST_TASKS,
        "is_too_many": n > lists.MOST_TASKS, "others": NAMED < n <= lists.MOST_TASKS,
    }  # fmt: skip
    back = drill.names(filters.told(), seen.scope_key, day=seen.day)
    return respond(request, "analysis/list_tasks.html", {**told, "back": back, "picked": _keys(request)})


def _keys(request: HttpRequest) -> list[int]:
    given = request.POST if request.method == "POST" else request.GET
    return [int(key) for key in given.getlist("pick")[:1000] if key.isascii() and key.isdigit() and len(key) < 10]


def _picked(request: HttpRequest, seen: Shown, filters: queries.Filters) -> list[Customer]:
    """Clients of the list, the dearest first, one more than a list of tasks may hold."""
    assert seen.snapshot is not None
    rows = queries.found(seen.snapshot, filters)
    if keys := _keys(request):
        rows = rows.filter(customer__in=keys)
    rows = queries.ordered(rows.select_related("customer"), filters.order)
    visible = Customer.objects.visible_to(seen.person, "see customers")
    dearest = list(rows.filter(customer__in=visible)[: lists.MOST_TASKS + 1])
    return [row.customer for row in dearest]


def _asked(filters: queries.Filters) -> dict[str, Any]:
    """What the form proposes: what the sign of leaving asks for, until tomorrow evening."""
    say = words.current()
    has_action = filters.point not in ("", queries.ANY)
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "title": say.say(f"risk_action.{filters.point}" if has_action else "study.act.title"), "kind": "call",
        "due_at": datetime.combine(tomorrow, time(18), timezone.get_current_timezone()),
    }  # fmt: skip


def _done(given: lists.Given) -> str:
    say = words.current()
    done = say.plural("study.task.done", given.n).format(n=say.number(given.n))
    return f"{done} {say.say('study.task.known', n=given.n_known)}" if given.n_known else done


# ── A file of a list ─────────────────────────────────────────────────────────────────────────────────────────────────


@may(lists.EXPORT)
@require_POST
def list_file(request: HttpRequest) -> HttpResponseBase:
    """The whole list as a workbook, written down in the journal before it leaves."""
    seen, form = shown(request), ExportForm(request.POST)
    if seen.snapshot is None:
        return redirect("base_clients")
    filters = _asked_for(seen)
    rows = queries.found(seen.snapshot, filters)
    if form.is_valid():
        try:
            lists.note_export(
                snapshot=seen.snapshot, filters=filters.told(), n=rows.count(), reason=form.cleaned_data["reason"],
                by=seen.person, now=timezone.now(),
            )  # fmt: skip
        except lists.ReasonNeeded as refusal:
            form.refuse(refusal, "reason")
        else:
            name = f"{words.say('study.export.name')} {seen.snapshot.day:%Y-%m-%d}"
            header = [words.say(f"study.export.column.{column}") for column in COLUMNS]
            return sheets.answer(sheets.XLSX, name, header, _rows(seen, filters))
    return page(request, "analysis/clients.html", "clients", fill=lambda again: _fill(again, form))


def _rows(seen: Shown, filters: queries.Filters) -> Iterator[sheets.Row]:
    """Row by row, however many there are."""
    assert seen.snapshot is not None
    rows = queries.ordered(queries.found(seen.snapshot, filters), filters.order)
    batch: list[ClientResult] = []
    for row in queries.with_names(rows).iterator(chunk_size=500):
        batch.append(row)
        if len(batch) == 500:
            yield from _written(seen, batch)
            batch = []
    yield from _written(seen, batch)


def _written(seen: Shown, batch: list[ClientResult]) -> Iterator[sheets.Row]:
    assert seen.snapshot is not None
    say, currency = seen.printer.words, seen.printer.currency
    points = queries.points_of(seen.snapshot, batch)
    for row, told in zip(batch, named(seen, batch), strict=True):
        signs = "; ".join(say.name("risk", one.point) for one in points.get(row.customer_id, []))
        kind = say.name("kind_one", row.customer.kind)
        money = [None if minor is None else sheets.money(minor, currency) for minor in (row.revenue, row.value_at_risk)]
        yield (
            told.name, told.number, kind, told.state, told.rfm, say.name("segment", row.segment) if row.segment else "",
            say.name("class", row.client_class) if row.client_class else "", told.satisfaction, signs, told.chance,
            row.n_orders, row.last_on, *money,
        )  # fmt: skip
