"""What a client agreed to, or took back: rows are only added."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.people import names, standard
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import ANY_CHANNEL, Consent, Customer


@transaction.atomic
def record_consent(
    *,
    customer: Customer,
    purpose: str,
    channel: str = ANY_CHANNEL,
    is_given: bool,
    proof: str,
    by: Staff,
    now: datetime,
    note: str = "",
) -> Consent:
    """Keep that he agreed to a purpose by a channel, or took it back, with the words that hold now.

    Raises: NotAllowed. Leaves: `customer.consent_given` or `customer.consent_withdrawn`.
    """
    require(by, "change customers", customer)
    text = standard.current(purpose, now)
    consent = Consent.objects.create(
        customer=customer, purpose=purpose, channel=channel, is_given=is_given, at=now, by=by, text=text,
        proof=proof, note=names.tidy(note),
    )  # fmt: skip
    journal.record(
        "customer.consent_given" if is_given else "customer.consent_withdrawn",
        subject=customer, by=by, at=now, consent=consent.pk, purpose=purpose, channel=channel, proof=proof,
        text=text.number,
    )  # fmt: skip
    return consent
