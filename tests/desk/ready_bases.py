"""An empty base, migrated: made once for these migrations, then copied. Migrating took five seconds of each test.

The first run on each engine migrates as an upgrade does; what that left is kept under the digest of all migrations.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".cache" / "bases"


def make_ready() -> None:
    """Give the base of this connection, new and empty, its tables."""
    KEPT.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        _ready_sqlite(KEPT / f"{_digest()}.sqlite3", Path(connection.settings_dict["NAME"]))
    else:
        _ready_postgres(KEPT / f"{_digest()}.postgres")


def _digest() -> str:
    """Of whatever decides about the tables."""
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted((ROOT / "src" / "dovolen" / "desk").glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _ready_sqlite(kept: Path, base: Path) -> None:
    if kept.exists() and not (base.exists() and base.stat().st_size):
        connection.close()
        shutil.copyfile(kept, base)
        return
    call_command("migrate", verbosity=0)
    fresh = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    fresh.replace(kept)


def _ready_postgres(kept: Path) -> None:
    if kept.exists():
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in pickle.loads(kept.read_bytes()):
                cursor.execute(sql, params)
        return
    said: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith("SELECT"):
            said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        call_command("migrate", verbosity=0)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(pickle.dumps(said))
    fresh.replace(kept)
