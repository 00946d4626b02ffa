"""Where the desk stands for the world: the address that people type, before every link that leaves the house."""

from __future__ import annotations

from django.conf import settings


def url(path: str) -> str:
    """The whole address of a path of ours, for messages and papers."""
    return f"{settings.SITE}{path}"
