"""The analyst: `python -m dovolen.desk.commands.analyst`. Started when a snapshot or a client waits, ends when idle."""

from __future__ import annotations

import os

import django

# Fits are small: a second thread of the linear algebra would only wait. Before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Work off what waits until nothing does for a while, told to stop, or alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    django.setup()
    from dovolen.desk.analysis.work import running
    from dovolen.desk.core import apart

    apart.work(running.step_calmly)


if __name__ == "__main__":
    main()
