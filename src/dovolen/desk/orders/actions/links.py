"""The client's key to the page of his order: made, taken back; and what he says by it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import RECEPTIONIST
from dovolen.desk.core import locks, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import said, text
from dovolen.desk.orders.actions.estimate import decide
from dovolen.desk.orders.actions.rows import hold_open, hold_row, note
from dovolen.desk.orders.models import PROPOSED, Approval, ClientLink, Line, OrderNote, RepairOrder
from dovolen.desk.orders.queries.links import digest_of, estimate_mark, link_of_order
from dovolen.desk.tasks import actions as tasks
from dovolen.desk.tasks.models import CALL

PURPOSE = "links"
N_BYTES = 18
"""144 bits by chance: nobody guesses a token."""
TERMS = "1"
"""Version of the words `portal.terms.<version>`: by them his answer is his simple electronic signature."""
ANSWERED_WITHIN = 60
"""Working minutes in which somebody answers what a client asks."""
LONGEST_QUESTION = 1000


class NoLink(Refusal):
    """There is no key in force."""

    key = "orders.refused.no_link"


class LinkRevoked(Refusal):
    """The key was taken back meanwhile."""

    key = "orders.refused.link_revoked"


class EstimateChanged(Refusal):
    """The estimate is not the one that he saw."""

    key = "orders.refused.estimate_changed"


class AnswerEachLine(Refusal):
    """Every line that waits has to be answered."""

    key = "orders.refused.answer_each_line"


@transaction.atomic
def link_of(order: RepairOrder, *, now: datetime, by: Staff | None = None) -> str:
    """The token of the client's page: that in force, else a new one. Leaves: `order.link_made` when it was made.

    One that cannot be read any more, for the key of the house is another, is taken back: what a message says, opens.
    """
    found = link_of_order(order)
    if found is None:
        hold_row(order)  # of two who ask at once the first makes it
        found = link_of_order(order)
    if found is not None:
        try:
            return locks.unlock(PURPOSE, found.locked)
        except locks.KeyLostError:
            hold_row(order)
            _revoke(found, None, now)
    return _make(order, by, now)


def _make(order: RepairOrder, by: Staff | None, now: datetime) -> str:
    token = secrets.token_urlsafe(N_BYTES)
    made = ClientLink.objects.create(
        order=order, digest=digest_of(token), locked=locks.lock(PURPOSE, token), made_at=now, made_by=by
    )
    note("order.link_made", order, by, now, link=made)
    return token


@transaction.atomic
def revoke_link(*, order: RepairOrder, by: Staff, now: datetime) -> None:
    """Take back the key in force: its page is gone at once. Raises: NotAllowed, NoLink.

    Leaves: `order.link_revoked`.
    """
    require(by, "send messages", order.centre)
    hold_row(order)
    found = link_of_order(order)
    if found is None:
        raise NoLink
    _revoke(found, by, now)
    note("order.link_revoked", order, by, now, link=found)


def _revoke(link: ClientLink, by: Staff | None, now: datetime) -> None:
    ClientLink.objects.filter(pk=link.pk).update(revoked_at=now, revoked_by=by)


@transaction.atomic
def note_opened(*, link: ClientLink, now: datetime) -> None:
    """The client came for the first time. Leaves: `order.link_opened`, once a key."""
    if ClientLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now):
        note("order.link_opened", link.order, None, now, link=link)


@transaction.atomic
def approve_by_link(
    *, link: ClientLink, accepted: Collection[int], declined: Collection[int], seen: str, comment: str = "",
    now: datetime,
) -> Approval:  # fmt: skip
    """The client's own word on every line that waits for it, signed by his link: on the estimate that he saw, no other.

    `seen` is the mark of the estimate on his page (`queries.estimate_mark`).
    Raises: LinkRevoked, Closed, EstimateChanged, AnswerEachLine, TooLong.
    Leaves: `order.approved` with what was signed.
    """
    order = hold_open(link.order)
    if not ClientLink.objects.filter(pk=link.pk, revoked_at=None).exists():
        raise LinkRevoked
    lines = list(Line.objects.filter(order=order))
    if estimate_mark(order, lines) != seen:
        raise EstimateChanged
    waiting = {line.pk for line in lines if line.state == PROPOSED}
    yes, no = set(accepted), set(declined)
    if not waiting or yes | no != waiting or yes & no:
        raise AnswerEachLine
    why = text(comment, 200)
    made = Approval(at=now, who=order.customer.name[:120], told_how="link", note=why, link=link, terms=TERMS)
    return decide(order, yes, dict.fromkeys(no, why), made, link=link, terms=TERMS, signed=seen)


@transaction.atomic
def ask_by_link(*, link: ClientLink, question: str, now: datetime) -> OrderNote:
    """What the client asks on his page: a note to the order, and a call for the reception within a working hour.

    Raises: LinkRevoked, NoText, TooLong. Leaves: `order.asked`, `task.added`.
    """
    order = hold_row(link.order)
    if not ClientLink.objects.filter(pk=link.pk, revoked_at=None).exists():
        raise LinkRevoked
    asked = OrderNote.objects.create(order=order, text=said(question, LONGEST_QUESTION), at=now, by=None)
    tasks.add(
        centre=order.centre, kind=CALL, title=words.say("orders.task.asked", number=order.number), note=asked.text,
        due_at=Opening.of(order.centre).after(now, ANSWERED_WITHIN), customer=order.customer,
        order_number=order.number, role=RECEPTIONIST, by=None, now=now,
    )  # fmt: skip
    note("order.asked", order, None, now, note=asked, link=link)
    return asked
