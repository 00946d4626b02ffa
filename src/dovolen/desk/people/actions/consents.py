"""What a client agreed to, or took back: rows are only added."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.together import part
from dovolen.desk.people import names, standard
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import ANY_CHANNEL, Consent, Customer


@part
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
    return record_consents(
        customer=customer, purposes=[purpose], channel=channel, is_given=is_given, proof=proof, by=by, now=now,
        note=note,
    )[0]  # fmt: skip


@part
def record_consents(  # noqa: PLR0913 – what the proof of a consent is made of
    *,
    customer: Customer,
    purposes: Collection[str],
    channel: str = ANY_CHANNEL,
    is_given: bool,
    proof: str,
    by: Staff,
    now: datetime,
    note: str = "",
    known_at: Centre | None = None,
) -> list[Consent]:
    """The same of several purposes at once; `known_at` is a centre that has just entered him.

    Raises: NotAllowed. Leaves: `customer.consent_given` or `customer.consent_withdrawn` for each.
    """
    require(by, "change customers", customer, known_at=known_at)
    texts = standard.current_of(purposes, now)
    consents = Consent.objects.bulk_create(
        Consent(
            customer=customer, purpose=purpose, channel=channel, is_given=is_given, at=now, by=by, text=texts[purpose],
            proof=proof, note=names.tidy(note),
        )
        for purpose in purposes
    )  # fmt: skip
    with journal.gathered():
        for consent in consents:
            journal.record(
                "customer.consent_given" if is_given else "customer.consent_withdrawn",
                subject=customer, by=by, at=now, consent=consent.pk, purpose=consent.purpose, channel=channel,
                proof=proof, text=texts[consent.purpose].number,
            )  # fmt: skip
    return consents
