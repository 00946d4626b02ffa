"""What follows for the analysis from events: a client is studied anew, an import is followed by a snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dovolen.desk.analysis import actions
from dovolen.desk.analysis.models import ASKED, IMPORTED, Snapshot
from dovolen.desk.core.models import Event
from dovolen.desk.feedback.models import Answer, Case
from dovolen.desk.messaging.models import Contact, Incoming
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer


def refresh_client(event: Event, *, now: datetime) -> None:
    """Something happened to a client or to an order of his: his row of the current snapshots is made anew."""
    if Snapshot.objects.published().exists():
        actions.refresh(_clients_of(event), now=now)


def _clients_of(event: Event) -> Iterable[int]:
    if event.subject_kind == Customer._meta.label_lower:
        return [event.subject_id] if Customer.objects.filter(pk=event.subject_id).exists() else []
    for table in (RepairOrder, Contact, Incoming, Case, Answer):
        if event.subject_kind == table._meta.label_lower:
            found = table._default_manager.filter(pk=event.subject_id).values_list("customer", flat=True)
            return [key for key in found if key]
    return []


def study_first(event: Event, *, now: datetime) -> None:
    """The first case or answer of a house: until now nobody could be said to have had none, so all are studied anew."""
    table: type[Case | Answer] = Case if event.subject_kind == Case._meta.label_lower else Answer
    if not table._default_manager.filter(pk__lt=event.subject_id).exists():
        actions.ask_everywhere(cause=ASKED, by=None, now=now)


def study_import(event: Event, *, now: datetime) -> None:  # noqa: ARG001 – of whichever import
    """What came in, or was taken out again, is seen at once."""
    actions.ask_everywhere(cause=IMPORTED, by=None, now=now)
