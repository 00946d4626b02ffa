"""What every page knows of its frame."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from dovolen.desk.shell import navigation

KEYS = ("palette", "go", "search", "help", "close")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language, theme, menu; the menu is asked for only by pages that show one, and made once for all its places."""
    person: Any = getattr(request, "user", None)
    return {
        "lang": (translation.get_language() or "ru")[:2],
        "theme": getattr(person, "theme", "") or "auto",
        "letter_keys": getattr(person, "uses_letter_keys", True),
        "menu": cache(lambda: navigation.menu_for(request)),
        "own_menu": cache(lambda: navigation.links_for(request)),
        "shell_keys": KEYS,
    }
