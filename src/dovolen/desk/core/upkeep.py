"""What the house does for itself at night: a backup, a check of the journal, statistics, old sessions swept out."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from dovolen.desk.core import backups, files, installation, once, sealing
from dovolen.desk.core.models import Answered, Mark

log = logging.getLogger("dovolen.worker")

KEPT = 7
"""Nightly backups that stay; older ones make room."""


def back_up(*, now: datetime, **_: object) -> None:
    """Make an archive in the home folder and drop the eldest of its kind."""
    backups.make(settings.HOME.backups / backups.nightly_name(now), now=now)
    for old in sorted(settings.HOME.backups.glob(backups.NIGHTLY))[:-KEPT]:
        old.unlink()


def check_journal(*, now: datetime, **_: object) -> None:
    """Check every seal and leave the finding for the status page."""
    found = sealing.verify()
    for flaw in found.flaws[:20]:
        log.error("journal: %s", flaw)
    facts = {"n_events": found.n_events, "n_seals": found.n_seals, "n_flaws": len(found.flaws)}
    Mark.objects.update_or_create(name="check", defaults={"at": now, "facts": facts})


def keep_statistics(**_: object) -> None:
    """Let the base look at how its tables have grown."""
    installation.keep_statistics()


def sweep(*, now: datetime, **_: object) -> None:
    """Drop sessions that ended, and keys of forms that nobody sends any more."""
    installation.session_model().objects.filter(expire_date__lt=now).delete()
    Answered.objects.filter(at__lt=now - once.KEPT).delete()


def drop_unused_files(*, now: datetime, **_: object) -> None:
    """Drop bytes of photos and papers whose row is gone."""
    files.drop_unused(now=now)
