"""What every house begins with: the words that clients agree to, one document a purpose.

Sources: 152-ФЗ ст. 9 (purpose, data, actions, term, withdrawal; a document of its own since 1 September 2025), 38-ФЗ
ст. 18 (advertising by telephone and mail with prior consent alone). A house sets its own words by a further version.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dovolen.desk.core import words
from dovolen.desk.people.models import PURPOSES, ConsentText

LANGUAGE = "ru"
"""The law that the words keep speaks Russian."""


def ensure(now: datetime) -> None:
    """Have version 1 of every text; what is there stays as it is. May be called any number of times."""
    there = set(ConsentText.objects.values_list("purpose", flat=True))
    speaker = words.in_language(LANGUAGE)
    ConsentText.objects.bulk_create(
        (
            ConsentText(purpose=purpose, number=1, text=speaker.say(f"people.text.{purpose}"), valid_from=now)
            for purpose in PURPOSES
            if purpose not in there
        ),
        ignore_conflicts=True,
    )


def current(purpose: str, now: datetime) -> ConsentText:
    """The words that hold for a purpose at this moment; the first ones where none hold yet."""
    return current_of([purpose], now)[purpose]


def current_of(purposes: Collection[str], now: datetime) -> dict[str, ConsentText]:
    """The same of several purposes, by one question."""
    texts = ConsentText.objects.filter(purpose__in=purposes).order_by("number")
    if {text.purpose for text in texts} != set(purposes):
        ensure(now)
        texts = texts.all()
    first: dict[str, ConsentText] = {}
    holding: dict[str, ConsentText] = {}
    for text in texts:
        first.setdefault(text.purpose, text)
        if text.valid_from <= now:
            holding[text.purpose] = text
    return first | holding
