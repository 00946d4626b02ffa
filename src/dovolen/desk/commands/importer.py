"""The importer: `python -m dovolen.desk.commands.importer`. Started when an import waits, ends when none does."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Work at imports until none waits for a while, told to stop, or alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    django.setup()
    from dovolen.desk.core import apart
    from dovolen.desk.ingest.work import running

    apart.work(running.step_calmly)


if __name__ == "__main__":
    main()
