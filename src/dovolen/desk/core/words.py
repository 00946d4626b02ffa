"""What the desk says, in the language of the one who reads: words of `desk/words` beside those of the library."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from dovolen.insight.words import LANGUAGES, Words

FOLDER = Path(__file__).resolve().parent.parent / "words"


@cache
def in_language(lang: str) -> Words:
    """All words of one language."""
    return Words(lang, FOLDER)


def current() -> Words:
    """Words in the language of this request; in Russian where there is none."""
    lang = (translation.get_language() or LANGUAGES[0])[:2]
    return in_language(lang if lang in LANGUAGES else LANGUAGES[0])


def say(key: str, **values: object) -> str:
    """The text under a key in the current language, values filled in."""
    return current().say(key, **values)


def money(minor: int, currency: str) -> str:
    """A sum to the last kopeck: «24 740 ₽», «24 740,50 ₽»."""
    return current().money(minor, currency, exact=True)


def language_for(request: HttpRequest) -> str:
    """Which language to speak: what the person set, else what the browser asks for, else Russian."""
    person: Any = getattr(request, "user", None)
    chosen = getattr(person, "language", "") or ""
    return str(chosen) if chosen in LANGUAGES else language_of_browser(request)


def language_of_browser(request: HttpRequest) -> str:
    """What the browser asks for, else Russian."""
    for part in request.headers.get("Accept-Language", "").split(","):
        lang = part.strip()[:2].lower()
        if lang in LANGUAGES:
            return lang
    return LANGUAGES[0]
