"""Answers: what a client told somebody of the staff about the service."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.feedback.actions.cases import check_whose
from dovolen.desk.feedback.models import RECORD, SCALES, Answer
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer


class OffScale(Refusal):
    """There is no such score on the scale of its kind."""

    key = "answers.refused.off_scale"


@transaction.atomic
def receive_answer(  # noqa: PLR0913 – all that an answer tells
    *, customer: Customer, centre: Centre, kind: str, score: int, text: str = "", told_how: str,
    order: RepairOrder | None = None, at: datetime, by: Staff, now: datetime,
) -> Answer:  # fmt: skip
    """Write down how a client scored the service, and what he said besides; `at` is when he did.

    Raises: NotAllowed, OffScale, NotYet, NoSuchOrder. Leaves: `feedback.received`.
    """
    require(by, RECORD, centre)
    people.require(by, "see customers", customer)
    low, high = SCALES[kind]
    if not low <= score <= high:
        raise OffScale(low=low, high=high)
    check_whose(customer, order, centre, at, now)
    answer = Answer.objects.create(
        centre=centre, customer=customer, order=order, at=min(at, now), kind=kind, score=score, scale=high,
        text=text.strip(), told_how=told_how, taken_by=by,
    )  # fmt: skip
    journal.record(
        "feedback.received", subject=answer, by=by, at=now, centre=centre, customer=customer, order=order,
        answer_kind=kind, score=score, scale=high,
    )  # fmt: skip
    return answer
