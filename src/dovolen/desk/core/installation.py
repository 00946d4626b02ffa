"""The installation as a whole: its base made and brought up to date, its front-end files gathered, its versions."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q

from dovolen.desk.core import claims
from dovolen.desk.core.models import Beat, Event, Mark, Pending, Seal, Timer
from dovolen.desk.core.worker import ALIVE

SUMS = "orders.totals"
"""Mark that the nightly check of orders leaves: facts n_wrong and numbers."""
GATEWAY = "gateway."
"""Beginning of marks by which gateways tell their state: facts is_well and name."""

ROWS_LOOKED_AT = 20_000
"""Of an index, by SQLite. More than a house has orders open: a centre with a million orders is else taken to have as
few of them as are looked at, no more than it has open, and lists of open orders read all of them (15 times longer)."""


def is_empty() -> bool:
    """Whether the base holds nothing of ours yet."""
    return not MigrationRecorder(connection).has_table()


def pending_migrations() -> list[str]:
    """Names of migrations that this version has and the base has not seen."""
    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrate() -> None:
    """Bring the base up to this version."""
    call_command("migrate", verbosity=0, interactive=False)


def migrate_to(applied: set[tuple[str, str]]) -> None:
    """Bring an empty base to the state in which just these migrations are applied."""
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    known = applied & nodes.keys()
    ends = [key for key in sorted(known) if not any(child.key in known for child in nodes[key].children)]
    executor.migrate(ends)


def empty() -> None:
    """Drop every table, rows and all."""
    if connection.vendor == "sqlite":
        base = connection.settings_dict["NAME"]
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{base}{end}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')


def keep_statistics() -> None:
    """Let the base look at how its tables have grown: without it, no query of open orders takes its index (240 ms
    instead of 0.1 at half a million orders). PostgreSQL looks by itself as well, but late after a restore.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
            cursor.execute("PRAGMA optimize = 0x10002")  # every table, also those this connection did not ask
        else:
            cursor.execute("ANALYZE")


def gather_static() -> None:
    """Front-end files, named by their content and compressed, where the server finds them."""
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)


def session_model() -> Any:
    """The table of sessions, whichever store the settings name."""
    return import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()


@dataclass(frozen=True)
class State:
    """How the installation is at a moment."""

    versions: dict[str, str]
    n_waiting: int
    n_resting: int
    n_parked: int
    n_failing_timers: int
    oldest_waiting_at: datetime | None
    workers: list[Beat]
    disk_free: int
    disk_total: int
    backup: Mark | None
    check: Mark | None
    sums: Mark | None
    gateways: list[Mark]
    seal: Seal | None
    n_unsealed: int


def state(now: datetime) -> State:
    """Versions, queues, workers, disk, last backup and last seal."""
    waiting = Pending.objects.filter(parked_at=None)
    told = Mark.objects.filter(Q(name__in=["backup", "check", SUMS]) | Q(name__startswith=GATEWAY)).order_by("name")
    marks = {mark.name: mark for mark in told}
    oldest = waiting.order_by("event_id").select_related("event").first()
    disk = shutil.disk_usage(settings.HOME.folder)
    return State(
        versions=versions(),
        n_waiting=waiting.filter(tries=0).count(),
        n_resting=waiting.filter(tries__gt=0).count(),
        n_parked=Pending.objects.exclude(parked_at=None).count(),
        n_failing_timers=Timer.objects.filter(tries__gte=claims.MOST_TRIES).count(),
        oldest_waiting_at=oldest.event.at if oldest else None,
        workers=list(
            Beat.objects.filter(seen_at__gt=now - ALIVE, seen_at__lt=now + timedelta(hours=1)).order_by("worker")
        ),
        disk_free=disk.free,
        disk_total=disk.total,
        backup=marks.get("backup"),
        check=marks.get("check"),
        sums=marks.get(SUMS),
        gateways=[mark for name, mark in marks.items() if name.startswith(GATEWAY)],
        seal=Seal.objects.order_by("-number").first(),
        n_unsealed=Event.objects.filter(seal=None).count(),
    )


def versions() -> dict[str, str]:
    """What runs here."""
    base = ".".join(str(part) for part in connection.get_database_version())
    return {
        "Dovolen": version("dovolen"),
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "PostgreSQL" if connection.vendor == "postgresql" else "SQLite": base,
    }
