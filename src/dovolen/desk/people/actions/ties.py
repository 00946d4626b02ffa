"""Notes on a client, and what other clients are to him."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people import names
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import Customer, Note, Relation

SEE, CHANGE = "see customers", "change customers"


class Empty(Refusal):
    """A note without a word."""

    key = "people.refused.empty_note"


class NotOnesOwn(Refusal):
    """A note is changed by whoever wrote it."""

    key = "people.refused.not_your_note"


class Related(Refusal):
    """These two are tied already, or are one and the same."""

    key = "people.refused.related"


@transaction.atomic
def add_note(*, customer: Customer, text: str, by: Staff, now: datetime, is_pinned: bool = False) -> Note:
    """Write something about a client. Raises: NotAllowed, Empty. Leaves: `customer.noted`."""
    require(by, SEE, customer)
    note = Note.objects.create(customer=customer, text=_worded(text), is_pinned=is_pinned, at=now, by=by)
    journal.record("customer.noted", subject=customer, by=by, at=now, note=note.pk)
    return note


@transaction.atomic
def change_note(*, note: Note, text: str, by: Staff, now: datetime) -> None:
    """Mend one's own note. Raises: NotOnesOwn, Empty. Leaves: `customer.note_changed`."""
    require(by, SEE, note.customer)
    if note.by_id != by.pk:
        raise NotOnesOwn
    if Note.objects.filter(pk=note.pk).exclude(text=_worded(text)).update(text=_worded(text)):
        journal.record("customer.note_changed", subject=note.customer, by=by, at=now, note=note.pk)


@transaction.atomic
def pin_note(*, note: Note, is_pinned: bool, by: Staff, now: datetime) -> None:
    """Keep a note above the others, or no more. Raises: NotAllowed. Leaves: `customer.note_pinned` or `…_unpinned`."""
    require(by, SEE, note.customer)
    if Note.objects.filter(pk=note.pk, is_pinned=not is_pinned).update(is_pinned=is_pinned):
        kind = "customer.note_pinned" if is_pinned else "customer.note_unpinned"
        journal.record(kind, subject=note.customer, by=by, at=now, note=note.pk)


@transaction.atomic
def remove_note(*, note: Note, by: Staff, now: datetime) -> None:
    """Take a note away: one's own, or anybody's for those who may change clients' marks.

    Raises: NotOnesOwn. Leaves: `customer.note_removed`.
    """
    require(by, SEE, note.customer)
    if note.by_id != by.pk and not by.may("merge customers"):
        raise NotOnesOwn
    key = note.pk
    if Note.objects.filter(pk=key).delete()[0]:
        journal.record("customer.note_removed", subject=note.customer, by=by, at=now, note=key)


def _worded(text: str) -> str:
    if not (tidied := names.tidy_text(text)):
        raise Empty
    return tidied


@transaction.atomic
def relate(*, customer: Customer, other: Customer, kind: str, note: str = "", by: Staff, now: datetime) -> Relation:
    """Say what `other` is to this client. Raises: NotAllowed, Related. Leaves: `customer.related`."""
    require(by, CHANGE, customer)
    require(by, SEE, other)
    both = Q(customer=customer, other=other) | Q(customer=other, other=customer)
    if customer.pk == other.pk or Relation.objects.filter(both).exists():
        raise Related
    try:
        with transaction.atomic():
            tie = Relation.objects.create(customer=customer, other=other, kind=kind, note=names.tidy(note))
    except IntegrityError:
        raise Related from None
    journal.record("customer.related", subject=customer, by=by, at=now, other=other.pk, relation=kind)
    return tie


@transaction.atomic
def unrelate(*, relation: Relation, by: Staff, now: datetime) -> None:
    """Forget a tie. Raises: NotAllowed. Leaves: `customer.unrelated`."""
    require(by, CHANGE, relation.customer)
    if Relation.objects.filter(pk=relation.pk).delete()[0]:
        journal.record(
            "customer.unrelated", subject=relation.customer, by=by, at=now, other=relation.other_id,
            relation=relation.kind,
        )  # fmt: skip
