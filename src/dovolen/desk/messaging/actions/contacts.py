"""Calls, meetings and visits: noted, reported to the client the same day, confirmed by him."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core import changes, journal, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging.actions.outbox import write
from dovolen.desk.messaging.models import OUT, SENT_BY_GATEWAY, Contact
from dovolen.desk.messaging.wording import language_of
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import SERVICE, Customer

RIGHT = "see customers"
MEETING = "meeting"
SLIP = timedelta(minutes=5)
"""By how much the clock of a browser may be ahead of ours."""


class NothingSaid(Refusal):
    """A contact tells what was said."""

    key = "contacts.refused.nothing_said"


class NotYet(Refusal):
    """It lies ahead: what is planned is a task."""

    key = "contacts.refused.not_yet"


class NothingAgreed(Refusal):
    """A report says what was agreed on."""

    key = "contacts.refused.nothing_agreed"


class ReportedAlready(Refusal):
    """Somebody wrote it meanwhile, and the client may have it."""

    key = "contacts.refused.reported_already"


class NothingToConfirm(Refusal):
    """There is no report yet, or he confirmed it."""

    key = "contacts.refused.nothing_to_confirm"


@transaction.atomic
def add_contact(  # noqa: PLR0913 – all that a contact tells
    *, customer: Customer, centre: Centre, channel: str, text: str, at: datetime, direction: str = OUT,
    purpose: str = "", minutes: int | None = None, order_number: int | None = None, by: Staff, now: datetime,
) -> Contact:  # fmt: skip
    """Note what was said with a client; a meeting asks for its report until that working day ends.

    Raises: NotAllowed, NothingSaid, NotYet. Leaves: `contact.added`.
    """
    require(by, RIGHT, centre)
    people.require(by, RIGHT, customer)
    if not text.strip():
        raise NothingSaid
    if at > now + SLIP:
        raise NotYet
    due = Opening.of(centre).closes(at) if channel == MEETING else None
    contact = Contact.objects.create(
        customer=customer, centre=centre, channel=channel, direction=direction, text=text.strip(), at=min(at, now),
        purpose=purpose, minutes=minutes, order_number=order_number, by=by, report_due_at=due,
    )  # fmt: skip
    journal.record(
        "contact.added", subject=contact, by=by, at=now, centre=centre, customer=customer, order_number=order_number,
        channel=channel, direction=direction,
    )  # fmt: skip
    return contact


@transaction.atomic
def report_contact(
    *, contact: Contact, seen: int, agreed: str, agreed_who: str, agreed_until: date | None, channel: str, by: Staff,
    now: datetime,
) -> Contact:  # fmt: skip
    """Write what was agreed on, and send it to the client by a channel; by none where he was given it on paper.

    Raises: NotAllowed, NothingAgreed, ReportedAlready, Stale, and what `write` refuses. Leaves: `contact.reported`.
    """
    require(by, RIGHT, contact.centre_id)
    if not agreed.strip():
        raise NothingAgreed
    if contact.reported_at is not None:
        raise ReportedAlready
    told = {"agreed": agreed.strip(), "agreed_who": agreed_who.strip(), "agreed_until": agreed_until}
    changes.change(contact, seen=seen, reported_at=now, **told)
    if channel in SENT_BY_GATEWAY:
        contact.report = write(
            customer=contact.customer, centre=contact.centre, channel=channel, text=report_text(contact),
            subject=_subject(contact),
            order_number=contact.order_number, purpose=SERVICE, by=by, now=now,
        )  # fmt: skip
        Contact.objects.filter(pk=contact.pk).update(report=contact.report)
    journal.record(
        "contact.reported", subject=contact, by=by, at=now, centre=contact.centre, customer=contact.customer,
        message=contact.report, is_late=contact.report_due_at is not None and now > contact.report_due_at,
    )  # fmt: skip
    return contact


def _subject(contact: Contact) -> str:
    speaker = words.in_language(language_of(contact.customer))
    return speaker.say("contacts.report.subject", centre=contact.centre.name)


def report_text(contact: Contact) -> str:
    """What the client reads of what was agreed on, in his language."""
    speaker = words.in_language(language_of(contact.customer))
    day = speaker.date(contact.centre.local(contact.at).date())
    parts = [speaker.say("contacts.report.agreed", day=day, text=contact.agreed.rstrip("."))]
    if contact.agreed_who:
        parts.append(speaker.say("contacts.report.who", who=contact.agreed_who))
    if contact.agreed_until:
        parts.append(speaker.say("contacts.report.until", day=speaker.date(contact.agreed_until)))
    return " ".join([*parts, speaker.say("contacts.report.confirm"), contact.centre.name])


@transaction.atomic
def confirm(*, contact: Contact, by: Staff, now: datetime) -> None:
    """The client said that it is so. Raises: NotAllowed, NothingToConfirm. Leaves: `contact.confirmed`."""
    require(by, RIGHT, contact.centre_id)
    waiting = Contact.objects.filter(pk=contact.pk, reported_at__isnull=False, confirmed_at=None)
    if not waiting.update(confirmed_at=now, version=F("version") + 1):
        raise NothingToConfirm
    contact.confirmed_at = now
    contact.version += 1
    journal.record("contact.confirmed", subject=contact, by=by, at=now, centre=contact.centre)
