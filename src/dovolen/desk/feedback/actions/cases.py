"""A case: opened as it was told, taken, answered, settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.feedback import limits
from dovolen.desk.feedback.models import COMPLAINT, ORAL, RECORD, SETTLE, Case, Reply
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer

SLIP = timedelta(minutes=5)
"""By how much the clock of a browser may be ahead of ours."""


class NothingTold(Refusal):
    """A case tells what the client said."""

    key = "cases.refused.nothing_told"


class NotYet(Refusal):
    """It lies ahead."""

    key = "cases.refused.not_yet"


class NoSuchOrder(Refusal):
    """The order is another client's, or of another centre."""

    key = "cases.refused.no_such_order"


class NothingAnswered(Refusal):
    """An answer offers something, and a decision says what was decided."""

    key = "cases.refused.nothing_answered"


class ResolvedAlready(Refusal):
    """A colleague settled it meanwhile."""

    key = "cases.refused.resolved_already"


class TakenAlready(Refusal):
    """A colleague sees to it."""

    key = "cases.refused.taken_already"


def check_whose(customer: Customer, order: RepairOrder | None, centre: Centre, at: datetime, now: datetime) -> None:
    """What a client says now is about an order of his, done at this centre. Raises: NoSuchOrder, NotYet."""
    if order is not None and (order.customer_id, order.centre_id) != (customer.pk, centre.pk):
        raise NoSuchOrder
    if at > now + SLIP:
        raise NotYet


@transaction.atomic
def open_case(  # noqa: PLR0913 – all that a case tells
    *, customer: Customer, centre: Centre, text: str, kind: str = COMPLAINT, channel: str = ORAL,
    category: str = "other", claim: str = limits.NO_CLAIM, order: RepairOrder | None = None, at: datetime,
    by: Staff, now: datetime,
) -> Case:  # fmt: skip
    """Write down what a client came with, as he told it; `at` is when he did.

    Raises: NotAllowed, NothingTold, NotYet, NoSuchOrder. Leaves: `case.opened`.
    """
    require(by, RECORD, centre)
    people.require(by, "see customers", customer)
    if not text.strip():
        raise NothingTold
    check_whose(customer, order, centre, at, now)
    since = min(at, now)
    reply, limit = limits.reply_due(centre, since), limits.limit(centre, since, claim)
    case = Case.objects.create(
        centre=centre, customer=customer, order=order, kind=kind, channel=channel, text=text.strip(),
        category=category, claim=claim, opened_at=since, opened_by=by, reply_due_at=reply, limit_at=limit,
        due_at=min(reply, limit),
    )  # fmt: skip
    _tell("opened", case, by, now, order=order, case_kind=kind, channel=channel, category=category, claim=claim)
    return case


@transaction.atomic
def take_case(*, case: Case, by: Staff, now: datetime) -> None:
    """See to it oneself; of two who reach for it one gets it.

    Raises: NotAllowed, TakenAlready, ResolvedAlready. Leaves: `case.taken`.
    """
    require(by, SETTLE, case.centre_id)
    if not _written(case, {"owner": by}, owner=None):
        owner = _as_it_is(case).owner
        raise TakenAlready(name=owner.name if owner else "")
    case.refresh_from_db()
    _tell("taken", case, by, now)


@transaction.atomic
def reply_to_case(*, case: Case, channel: str, text: str, by: Staff, now: datetime) -> Reply:
    """Note what the client was told and offered; the first answer stops the clock and makes its writer the owner.

    Two who answer at once are both kept. Raises: NotAllowed, NothingAnswered, ResolvedAlready. Leaves: `case.replied`.
    """
    require(by, SETTLE, case.centre_id)
    if not text.strip():
        raise NothingAnswered
    is_first = _written(case, {"first_reply_at": now, "due_at": F("limit_at")}, first_reply_at=None)
    if not is_first and not _written(case, {}):
        _as_it_is(case)
    _own(case, by)
    reply = Reply.objects.create(case=case, at=now, by=by, channel=channel, text=text.strip())
    case.refresh_from_db()
    _tell("replied", case, by, now, reply=reply, channel=channel, is_late=is_first and now > case.reply_due_at)
    return reply


@transaction.atomic
def resolve_case(*, case: Case, seen: int, outcome: str, resolution: str, by: Staff, now: datetime) -> None:
    """Say how it ended; nothing is written over a word that a colleague added since the page was opened.

    Raises: NotAllowed, NothingAnswered, ResolvedAlready, Stale. Leaves: `case.resolved`.
    """
    require(by, SETTLE, case.centre_id)
    if not resolution.strip():
        raise NothingAnswered
    settled = {"resolved_at": now, "resolved_by": by, "outcome": outcome, "resolution": resolution.strip()}
    if not _written(case, settled, version=seen):
        raise Stale(_as_it_is(case).version, [])
    Case.objects.filter(pk=case.pk, first_reply_at=None).update(first_reply_at=now)
    _own(case, by)
    case.refresh_from_db()
    _tell("resolved", case, by, now, outcome=outcome, is_late=now > case.limit_at)


def _written(case: Case, values: dict[str, Any], **still: Any) -> bool:
    """Write into a case that is open and still stands as it is thought to; the condition is the lock."""
    found = Case.objects.filter(pk=case.pk, resolved_at=None, **still)
    return bool(found.update(version=F("version") + 1, **values))


def _own(case: Case, by: Staff) -> None:
    """Who does something about a case that nobody took sees to it from then on."""
    Case.objects.filter(pk=case.pk, owner=None).update(owner=by)


def _as_it_is(case: Case) -> Case:
    """The case as a colleague left it. Raises: ResolvedAlready where he settled it."""
    found = Case.objects.select_related("owner", "resolved_by").get(pk=case.pk)
    if found.resolved_by is not None:
        raise ResolvedAlready(name=found.resolved_by.name)
    return found


def _tell(what: str, case: Case, by: Staff, now: datetime, **facts: Any) -> None:
    told = {"customer": case.customer_id} | facts
    journal.record(f"case.{what}", subject=case, by=by, at=now, centre=case.centre, **told)
