"""Rows of the ground floor: events and seals, work that waits, timers, counters, files, workers alive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dovolen.desk.core.claims import Claimable

DIGEST = 64
FREE = Q(parked_at=None)


class Seal(models.Model):
    """One link of the chain over events: who changes one behind our back breaks it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    n_events = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    mac = models.CharField(max_length=DIGEST)


class Event(models.Model):
    """Something happened to a subject. Written once, in the transaction of its cause; never changed."""

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    by_id = models.BigIntegerField(null=True)
    centre_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    salt = models.CharField(max_length=22)
    mac = models.CharField(max_length=DIGEST)
    seal = models.ForeignKey(Seal, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["kind", "at"], name="event_kind"),
            models.Index(fields=["id"], condition=Q(seal=None), name="event_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"


class PrivateFact(models.Model):
    """A personal value that an event speaks of. It may be erased: the event holds only its salted digest."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="private_facts")
    name = models.CharField(max_length=60)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="private_fact_once")]


class Pending(Claimable):
    """An event whose reactions have not run yet; the row goes in the transaction in which they run."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["free_at", "event"], condition=FREE, name="pending_free")]


class Once(models.Model):
    """What was done for one occasion and must not be done for it again."""

    occasion = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    recipient = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occasion", "purpose", "recipient"], name="once")]


class Timer(Claimable):
    """One line of the schedule at one centre: what is done up to when, and when it goes off next."""

    name = models.CharField(max_length=60)
    centre_id = models.BigIntegerField(default=0)
    rule = models.CharField(max_length=100)
    done_until = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "centre_id"], name="timer_once")]


class Counter(models.Model):
    """The last number given to a kind of paper at a centre in a year."""

    kind = models.CharField(max_length=40)
    centre_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "centre_id", "year"], name="counter_once")]


class StoredFile(models.Model):
    """A file that was handed in or printed; its bytes lie in the home folder under their own digest."""

    digest = models.CharField(max_length=DIGEST, db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)


class Beat(models.Model):
    """A worker that lives, as it last said."""

    worker = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    n_handled = models.PositiveBigIntegerField(default=0)

    @property
    def place(self) -> str:
        """Host and process."""
        return self.worker.rpartition(":")[0]


class Mark(models.Model):
    """When something was last done to the installation: a backup, a check of the journal."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)


class Findable(models.Model):
    """What a subject is found by, in the form that search compares: written by the action that writes the subject."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    text = models.TextField()
    """Names, numbers, plates as `core.search.folded` writes them, parted by a bar."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="findable_once")]


class Answered(models.Model):
    """A request that was done, by the key its form carried: repeated, it gets the same answer and no second effect."""

    key = models.CharField(max_length=64)
    staff_id = models.BigIntegerField()
    route = models.CharField(max_length=80)
    digest = models.CharField(max_length=DIGEST)
    """Of the body: another body under the same key is refused."""
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff_id", "key"], name="answered_once")]
