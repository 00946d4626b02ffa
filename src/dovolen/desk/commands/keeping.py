"""`dovolen backup`, `restore`, `upgrade`, `verify`: what keeps an installation whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dovolen.desk.commands import readiness


def backup(to: Path | None) -> int:
    """Write an archive and say where."""
    _set_up()
    from django.conf import settings

    from dovolen.desk.core import backups

    now = datetime.now(UTC)
    path = (to or settings.HOME.backups / f"dovolen-{now:%Y-%m-%dT%H%M%S}.zip").absolute()
    with _told_in_words():
        backups.make(path, now=now)
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


def restore(archive: Path, *, over: bool) -> int:
    """Make this installation what the archive holds."""
    _set_up()
    from dovolen.desk.core import backups, installation

    readiness.forget()
    with _told_in_words():
        manifest = backups.restore(archive.absolute(), now=datetime.now(UTC), over=over)
        installation.keep_statistics()
    print(f"restored as of {manifest.at}: {len(manifest.tables)} tables, {manifest.n_files} files, every sum is equal")
    return 0


def upgrade() -> int:
    """Bring the base up to this version; a backup is made before anything is changed."""
    _set_up()
    from django.conf import settings

    from dovolen.desk.core import backups, installation

    readiness.forget()
    now = datetime.now(UTC)
    with _told_in_words():
        steps = installation.pending_migrations()
        if steps and not installation.is_empty():
            path = settings.HOME.backups / f"before-upgrade-{now:%Y-%m-%dT%H%M%S}.zip"
            backups.make(path, now=now)
            print(f"backup: {path}")
        installation.migrate()
        readiness.ensure_standards()
        installation.keep_statistics()
    installation.gather_static()
    readiness.write_stamp()
    print(f"{len(steps)} steps done" if steps else "the base is up to date")
    return 0


def verify() -> int:
    """Check the journal's chain; 1 when somebody changed it behind our back."""
    _set_up()
    from dovolen.desk.core import sealing

    with _told_in_words():
        found = sealing.verify()
    for flaw in found.flaws:
        print(flaw)
    print(
        f"{found.n_events} events under {found.n_seals} seals: "
        + (f"{len(found.flaws)} flaws" if found.flaws else "whole")
    )
    return 1 if found.flaws else 0


class BaseError(OSError):
    """The base did not do what it was asked; the text says why."""


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What the base has against it is one line, no traceback. Raises: BaseError."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        raise BaseError(f"the base says: {str(error).splitlines()[0]}") from error


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    import django

    django.setup()
