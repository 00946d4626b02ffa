"""What is said to a client: which language, which words, what fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import words
from dovolen.desk.messaging import greetings, texts
from dovolen.desk.messaging.models import CALL, EMAIL, Notice, NoticeText
from dovolen.desk.messaging.outbox import Said
from dovolen.desk.people.models import Customer
from dovolen.insight.words import LANGUAGES

RUSSIAN, ENGLISH = LANGUAGES
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
SPEAK_RUSSIAN = ("+7", "+375")


def language_of(customer: Customer) -> str:
    """Russian, but to somebody whose name and number are both foreign."""
    if CYRILLIC.search(customer.name):
        return RUSSIAN
    number = customer.phones.values_list("number", flat=True).first()
    return RUSSIAN if number is None or number.startswith(SPEAK_RUSSIAN) else ENGLISH


def values_of(customer: Customer, centre: Centre, language: str) -> dict[str, str]:
    """What every text may say: of the client and of the centre."""
    name, kind = customer.name, customer.kind
    return {
        "greeting": greetings.greeting(name, kind, language),
        "name": greetings.called(name, kind),
        "name_of": greetings.in_case(name, kind, greetings.GENITIVE),
        "name_to": greetings.in_case(name, kind, greetings.DATIVE),
        "centre": centre.name,
        "address": centre.address,
        "phone": centre.phone,
        "hours": centre.hours,
    }


@dataclass(frozen=True)
class Wording:
    """The text of a notice in a channel and language: the house's own, else the standard one (version 0)."""

    body: str
    subject: str = ""
    version: int = 0

    @property
    def is_own(self) -> bool:
        """Whether the house wrote it."""
        return self.version > 0


def standard(code: str, channel: str, language: str) -> Wording:
    """The words that every house begins with."""
    speaker = words.in_language(language)
    subject = speaker.say(f"notices.subject.{code}") if channel == EMAIL else ""
    return Wording(speaker.say(f"notices.text.{code}.{channel}"), subject)


def wordings(notice: Notice, language: str) -> dict[str, Wording]:
    """The text of a notice by each of its channels that is written."""
    own = {text.channel: text for text in NoticeText.objects.filter(notice=notice, language=language)}
    return {
        channel: Wording(own[channel].body, own[channel].subject, own[channel].version)
        if channel in own
        else standard(notice.code, channel, language)
        for channel in notice.channels
        if channel != CALL
    }


def said_of(notice: Notice, language: str, values: Mapping[str, str]) -> list[Said]:
    """What is said by each channel of a notice, in their turn."""
    written = wordings(notice, language)
    return [
        Said(channel, texts.render(written[channel].body, values), texts.render(written[channel].subject, values))
        if channel in written
        else Said(channel)
        for channel in notice.channels
    ]
