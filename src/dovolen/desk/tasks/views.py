"""Pages of tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks import actions, queries
from dovolen.desk.tasks.forms import NewTaskForm, ResultForm, TaskForm
from dovolen.desk.tasks.models import KINDS, Task

RIGHT = "see tasks"
GROUPS = ("overdue", "today", "tomorrow", "later", "undated")


@may(RIGHT)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What is to be done, by day; what was done."""
    person = access.person(request)
    view = request.GET.get("view", queries.MINE)
    view = view if view in queries.VIEWS else queries.MINE
    found = queries.page(person, view, request.GET.get("cursor", ""))
    now = timezone.now()
    groups = [("done", found.tasks)] if view == queries.DONE else grouped(found.tasks, now)
    shown = {"groups": [group for group in groups if group[1]], "view": view, "views": queries.VIEWS, "now": now,
             "later": found.later, "may_see_customers": person.may("see customers")}  # fmt: skip
    return respond(request, "tasks/tasks.html", shown)


def grouped(found: list[Task], now: datetime) -> list[tuple[str, list[Task]]]:
    """Open tasks by when they are due, on the clock of the one who reads."""
    groups: dict[str, list[Task]] = {name: [] for name in GROUPS}
    for task in found:
        groups[_group_of(task, now)].append(task)
    return list(groups.items())


def _group_of(task: Task, now: datetime) -> str:
    if task.due_at is None:
        return "undated"
    if task.due_at < now:
        return "overdue"
    days = (timezone.localdate(task.due_at) - timezone.localdate(now)).days
    return "today" if days == 0 else "tomorrow" if days == 1 else "later"


@may(RIGHT)
@once
def new_task(request: HttpRequest) -> HttpResponse:
    """Give somebody something to do; about a client or an order where the address names one."""
    person = access.person(request)
    customer = _customer(request, person)
    form = NewTaskForm(request.POST or None, centres=_centres(person), initial=_asked(request, person))
    if form.is_valid():
        try:
            actions.add(centre=form.place(), customer=customer, by=person, now=timezone.now(), **form.facts())
        except (actions.NoTitle, actions.NotHere) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("tasks.done.added"))
            return redirect(_back(request))
    return respond(
        request, "tasks/task.html", {"form": form, "customer": customer, "back": request.GET.get("back", "")}
    )


def _centres(person: Staff) -> list[Centre]:
    return accounts.centres_managed_by(person, RIGHT)


def _customer(request: HttpRequest, person: Staff) -> Customer | None:
    key = request.GET.get("customer", "")
    if not key.isdecimal() or not person.may("see customers"):
        return None
    return get_object_or_404(Customer.objects.visible_to(person), pk=key)


def _asked(request: HttpRequest, person: Staff) -> dict[str, Any]:
    """What the address fills in beforehand."""
    kind, order = request.GET.get("kind", ""), request.GET.get("order", "")
    return {
        "kind": kind if kind in KINDS else "todo",
        "title": request.GET.get("title", "")[:200],
        "order_number": int(order[:12]) if order.isdecimal() else None,
        "centre": person.centre.pk if person.centre else None,
        "due_at": timezone.localtime(evening_of(timezone.now())),
    }


def evening_of(moment: datetime) -> datetime:
    """Six in the evening of a day, an hour from now when that has passed."""
    evening = datetime.combine(timezone.localdate(moment), time(18), timezone.get_current_timezone())
    return evening if evening > moment else moment + timedelta(hours=1)


@may(RIGHT)
def task(request: HttpRequest, key: int) -> HttpResponse:
    """One task: what it says, how it ended."""
    person = access.person(request)
    found = get_object_or_404(queries.task_of(person), pk=key)
    form = TaskForm(request.POST or None, centres=[found.centre], initial=TaskForm.of(found))
    if form.is_valid():
        facts = form.facts()
        try:
            actions.change(task=found, seen=form.seen, by=person, now=timezone.now(), **facts)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("tasks.done.changed"))
            return redirect("tasks")
    shown = {"form": form, "task": found, "result_form": ResultForm(), "may_see_customers": person.may("see customers")}
    return respond(request, "tasks/task.html", shown)


@may(RIGHT)
@require_POST
def task_done(request: HttpRequest, key: int) -> HttpResponse:
    """Done, with how it ended; or, with `done=0`, open again."""
    form = ResultForm(request.POST)
    result = form.cleaned_data["result"] if form.is_valid() else ""

    def act(found: Task, by: Staff, now: datetime) -> str:
        if request.POST.get("done") == "0":
            actions.reopen(task=found, by=by, now=now)
            return "reopened"
        actions.finish(task=found, result=result, by=by, now=now)
        return "finished"

    return _acted(request, key, act)


@may(RIGHT)
@require_POST
def task_term(request: HttpRequest, key: int) -> HttpResponse:
    """Tomorrow, at the same hour."""

    def act(found: Task, by: Staff, now: datetime) -> str:
        local = timezone.localtime(found.due_at or evening_of(now))
        tomorrow = timezone.localdate(now) + timedelta(days=1)
        actions.put_off(task=found, due_at=datetime.combine(tomorrow, local.timetz()), by=by, now=now)
        return "put_off"

    return _acted(request, key, act)


def _acted(request: HttpRequest, key: int, act: Callable[[Task, Staff, datetime], str]) -> HttpResponse:
    person = access.person(request)
    found = get_object_or_404(Task.objects.visible_to(person).select_related("centre"), pk=key)
    try:
        done = act(found, person, timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say(f"tasks.done.{done}"))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that the form stood on."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    return back if back.startswith("/") and is_ours else "tasks"
