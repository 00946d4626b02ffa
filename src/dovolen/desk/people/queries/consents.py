"""What a client agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dovolen.desk.people.models import ANY_CHANNEL, CHANNELS, PURPOSES, Consent, ConsentText, Customer


def consents_now(customer: Customer) -> dict[tuple[str, str], Consent]:
    """The latest word on each purpose and channel."""
    told = customer.consents.select_related("by", "text").defer("text__text").order_by("pk")
    return {(consent.purpose, consent.channel): consent for consent in told}


def agreed(now: Mapping[tuple[str, str], Consent], purpose: str, channel: str = ANY_CHANNEL) -> bool:
    """Whether he agreed to a purpose by a channel: the later of what he said of it and of all channels."""
    told = [now[key] for key in ((purpose, channel), (purpose, ANY_CHANNEL)) if key in now]
    return bool(told) and max(told, key=lambda consent: consent.pk).is_given


def all_consents(customer: Customer) -> list[Consent]:
    """Everything he ever said, the latest first."""
    return list(customer.consents.select_related("by", "text").order_by("-pk"))


def texts_now(now: datetime) -> dict[str, ConsentText]:
    """The words that hold for each purpose."""
    texts = ConsentText.objects.filter(valid_from__lte=now).order_by("number")
    return {text.purpose: text for text in texts}


@dataclass(frozen=True)
class Standing:
    """How it stands with a purpose by a channel: the word that holds, or none."""

    purpose: str
    channel: str
    consent: Consent | None


def standing(customer: Customer) -> list[Standing]:
    """Every purpose, and every channel of it on which he said something of its own."""
    now = consents_now(customer)
    own = [key for purpose in PURPOSES for channel in CHANNELS if (key := (purpose, channel)) in now]
    silent = [(purpose, ANY_CHANNEL) for purpose in PURPOSES if not any(key[0] == purpose for key in own)]
    order = {purpose: place for place, purpose in enumerate(PURPOSES)}
    return [Standing(*key, now.get(key)) for key in sorted(own + silent, key=lambda key: order[key[0]])]
