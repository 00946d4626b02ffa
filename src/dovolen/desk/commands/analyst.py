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


def analyse() -> int:
    """Make snapshots of the house and its centres in this process, and say what came of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    django.setup()
    from django.utils import timezone

    from dovolen.desk.analysis import actions
    from dovolen.desk.analysis.models import ASKED, DONE, Snapshot
    from dovolen.desk.analysis.work import running

    asked = actions.ask_everywhere(cause=ASKED, by=None, now=timezone.now())
    if not asked:
        raise OSError("there are no orders yet, so there is nothing to study")
    while running.step():
        pass
    made = Snapshot.objects.filter(pk__in=[one.pk for one in asked]).select_related("centre").order_by("pk")
    for one in made:
        scope = one.centre.name if one.centre else "house"
        print(f"{scope}: {one.day}, {one.n_customers} clients, {one.n_orders} orders, {one.state}")
    return 0 if all(one.state == DONE for one in made) else 1


if __name__ == "__main__":
    main()
