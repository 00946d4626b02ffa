"""Tables of what clients complain of, ask for and answer."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.feedback.limits import CLAIMS, NO_CLAIM
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

SEE, RECORD, SETTLE = "see feedback", "record feedback", "settle cases"

COMPLAINT, QUESTION, REQUEST, IDEA, OWN_SLIP = "complaint", "question", "request", "idea", "own_slip"
KINDS = (COMPLAINT, QUESTION, REQUEST, IDEA, OWN_SLIP)
ORAL = "oral"
CHANNELS = (ORAL, "call", "letter", "email", "sms", "messenger", "review")
"""By what it came; `oral`: told at the desk, `letter`: on paper."""
REPLY_CHANNELS = ("call", ORAL, "letter", "email", "sms", "messenger")
CATEGORIES = ("quality", "deadline", "price", "rudeness", "damage", "other")
OUTCOMES = ("granted", "agreed", "refused", "withdrawn")
"""He got what he asked for; agreed to something else; was refused with reasons; took it back."""


CSAT, NPS, CSI, REVIEW = "csat", "nps", "csi", "review"
SCALES = {CSAT: (1, 5), NPS: (0, 10), CSI: (1, 10), REVIEW: (1, 5)}
"""Kind of answer → its lowest and its highest score."""
LOW = {CSAT: 2, NPS: 6, CSI: 3, REVIEW: 2}
"""Up to which score somebody is not satisfied: what CSAT calls so, detractors of NPS, the 1–3 of CSI."""
ANSWER_KINDS = tuple(SCALES)
TOLD_HOW = ("call", "in_person")


class CaseQuerySet(models.QuerySet["Case"]):
    """Which cases."""

    def visible_to(self, staff: Staff) -> Self:
        """Cases of the centres where he sees what clients say."""
        return self.filter(centre__in=staff.centre_ids(SEE))

    def open(self) -> Self:
        """Not settled yet."""
        return self.filter(resolved_at=None)


class Case(models.Model):
    """A complaint or other request of a client, or a slip of the house's own, from the first word to how it ended."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    order = models.ForeignKey(RepairOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=10, default=COMPLAINT)
    channel = models.CharField(max_length=10, default=ORAL)
    text = models.TextField()
    """As told, unedited."""
    category = models.CharField(max_length=10, default="other")
    claim = models.CharField(max_length=12, default=NO_CLAIM)
    """What he asks for, as the law tells such claims apart: its limit follows from it."""
    opened_at = models.DateTimeField()
    """When he came with it: the day from which the law counts."""
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reply_due_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """The nearer of the two while nobody answered, the limit from then on: lists go by it."""
    first_reply_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, blank=True)
    resolution = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "due_at", "id"], condition=Q(resolved_at=None), name="case_open"),
            models.Index(fields=["centre", "-resolved_at", "-id"], name="case_resolved"),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="case_kind_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="case_channel_known"),
            models.CheckConstraint(condition=Q(category__in=CATEGORIES), name="case_category_known"),
            models.CheckConstraint(condition=Q(claim__in=CLAIMS), name="case_claim_known"),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, outcome="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, outcome__in=OUTCOMES,
                    first_reply_at__lte=F("resolved_at")),
                name="case_resolved_by_somebody",
            ),
        ]  # fmt: skip


class Reply(models.Model):
    """What the client was told about his case, and how; the first one stops the clock of the reply."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="replies")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    text = models.TextField()
    """What was said and offered."""

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(channel__in=REPLY_CHANNELS), name="case_reply_channel_known")]


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Which answers."""

    def visible_to(self, staff: Staff) -> Self:
        """Answers of the centres where he sees what clients say."""
        return self.filter(centre__in=staff.centre_ids(SEE))


def _on_its_scale() -> Q:
    """Each kind has its own."""
    found = Q()
    for kind, (low, high) in SCALES.items():
        found |= Q(kind=kind, scale=high, score__gte=low, score__lte=high)
    return found


class Answer(models.Model):
    """How a client scored the service, told to somebody of the staff; his word outweighs what is inferred."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="answers")
    order = models.ForeignKey(RepairOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField()
    scale = models.PositiveSmallIntegerField()
    """The highest score of its kind."""
    text = models.TextField(blank=True)
    """What he said besides, unedited."""
    told_how = models.CharField(max_length=10, default="call")
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "-at", "-id"], name="answer_latest"),
            models.Index(fields=["customer", "-at"], name="answer_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=_on_its_scale(), name="answer_on_its_scale"),
            models.CheckConstraint(condition=Q(told_how__in=TOLD_HOW), name="answer_told_how_known"),
        ]

    @property
    def is_low(self) -> bool:
        """Whether he is not satisfied."""
        return self.score <= LOW[self.kind]
