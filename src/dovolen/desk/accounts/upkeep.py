"""What accounts do at night: tries that no longer count and links that no longer work are swept out."""

from __future__ import annotations

from datetime import datetime

from dovolen.desk.accounts.models import Guesses, Invitation


def sweep(*, now: datetime, **_: object) -> None:
    """Drop what has run out."""
    Guesses.objects.filter(ends_at__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now).delete()
