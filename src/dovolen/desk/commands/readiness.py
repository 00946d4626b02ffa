"""Is the base as this version needs it, and do front-end files lie ready? Told by a stamp, so that a start is quick."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

DESK = Path(__file__).resolve().parent.parent
EARLIER = 3
WATCHED = ("*/migrations/*.py", "static/**/*", "../assets/**/*")


class NotReadyError(OSError):
    """The base is not as this version needs it; the text says what to do."""


def make_ready() -> None:
    """Make an empty base, gather front-end files; nothing when the stamp says that all is as it was.

    Raises: NotReadyError when the base was made by an earlier version.
    """
    stamp = _stamp_file()
    if stamp.exists() and stamp.read_text("ascii") == signature():
        return
    done = subprocess.run([sys.executable, "-m", "dovolen.desk.commands.readiness"], check=False)
    if done.returncode == EARLIER:
        raise NotReadyError("the base was made by an earlier version: run dovolen upgrade (it makes a backup first)")
    if done.returncode:
        raise NotReadyError("the base does not answer as it should; what it said stands above")


def signature() -> str:
    """What a start depends on: version, migrations, front-end files, which base."""
    parts = [version("dovolen"), os.environ.get("DATABASE_URL", "")]
    for pattern in WATCHED:
        seen = ((path.name, path.stat()) for path in sorted(DESK.glob(pattern)) if path.is_file())
        parts += [f"{name} {found.st_size} {found.st_mtime_ns}" for name, found in seen]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stamp_file() -> Path:
    return Path(os.environ.get("DOVOLEN_HOME") or "dovolen-home").absolute() / "ready"


def forget() -> None:
    """The next start looks for itself."""
    _stamp_file().unlink(missing_ok=True)


def write_stamp() -> None:
    """The next start need not look."""
    _stamp_file().write_text(signature(), "ascii")


def main() -> int:
    """What `make_ready` does in a process of its own, so that the server's parent stays small."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    import django

    django.setup()
    from dovolen.desk.core import installation

    if installation.is_empty():
        installation.migrate()
    elif installation.pending_migrations():
        return EARLIER
    ensure_standards()
    installation.gather_static()
    write_stamp()
    return 0


def ensure_standards() -> None:
    """Rows that every house begins with, where they are missing."""
    from django.utils import timezone

    from dovolen.desk.messaging import standard as messaging
    from dovolen.desk.orders import standard as orders
    from dovolen.desk.people import standard as people

    for standard in (people, messaging, orders):
        standard.ensure(timezone.now())


if __name__ == "__main__":
    sys.exit(main())
