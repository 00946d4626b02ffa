"""The home folder: base, files and secrets of one installation. Read before Django starts: knows nothing of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ONLY_MINE = 0o600
ONLY_MY_FOLDER = 0o700


@dataclass(frozen=True)
class Home:
    """Where one installation keeps what must outlive it: `DOVOLEN_HOME`, else ./dovolen-home."""

    folder: Path

    @classmethod
    def of_environment(cls) -> Home:
        """The home that the environment names, made where it is not there yet."""
        home = cls(Path(os.environ.get("DOVOLEN_HOME") or "dovolen-home").absolute())
        for folder in (home.folder, home.files, home.secrets, home.backups, home.static, home.imports, home.mart):
            folder.mkdir(mode=ONLY_MY_FOLDER, parents=True, exist_ok=True)
        return home

    @property
    def base(self) -> Path:
        """The SQLite base; not there when DATABASE_URL names a PostgreSQL."""
        return self.folder / "dovolen.sqlite3"

    @property
    def files(self) -> Path:
        """Photos and printed documents."""
        return self.folder / "files"

    @property
    def secrets(self) -> Path:
        """Keys, each in a file that only its owner reads."""
        return self.folder / "secrets"

    @property
    def backups(self) -> Path:
        """Archives that `dovolen backup` makes when not told where."""
        return self.folder / "backups"

    @property
    def imports(self) -> Path:
        """Rows of imports on their way into the base, a folder each."""
        return self.folder / "imports"

    @property
    def mart(self) -> Path:
        """Files of the snapshots for other programs, a folder a day."""
        return self.folder / "mart"

    @property
    def static(self) -> Path:
        """Front-end files as they are served; made again at every upgrade."""
        return self.folder / "static"

    @property
    def seal(self) -> Path:
        """The last seal of the journal that this host has seen."""
        return self.folder / "seal.json"

    def secret(self, name: str) -> str:
        """The secret of a name: from the environment (`DOVOLEN_<NAME>_KEY`), else from its file, made at first run.

        Hosts that share one base share its secrets: by one folder or by the environment.
        """
        if given := os.environ.get(f"DOVOLEN_{name.upper()}_KEY"):
            return given
        path = self.secrets / name
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text("ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Write a new file whole or not at all; of several processes that start together one wins."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_MINE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA trusted_schema = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16000;
PRAGMA mmap_size = 268435456;
PRAGMA journal_size_limit = 67108864;
"""
SQLITE_PATIENCE = 20  # seconds that a writer waits for the one before it
POSTGRES_OPTIONS = "-c max_parallel_workers_per_gather=0 -c idle_in_transaction_session_timeout=60s"


def database(home: Home, url: str | None) -> dict[str, Any]:
    """Django's settings of the base: PostgreSQL where `url` names one, else SQLite in the home folder."""
    if url and url.startswith(("postgres://", "postgresql://")):
        return _postgres(url)
    if url:
        raise ValueError("DATABASE_URL has to begin with postgres:// or postgresql://")
    return {
        "ENGINE": "dovolen.desk.core.sqlite",
        "NAME": str(home.base),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": SQLITE_PATIENCE, "init_command": SQLITE_START},
    }


def _postgres(url: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    parts = dict(conninfo_to_dict(url))
    own = {key: parts.pop(name, "") for key, name in _POSTGRES_NAMES.items()}
    options = {"connect_timeout": 3, "options": POSTGRES_OPTIONS, **parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key: str(value or "") for key, value in own.items()},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


_POSTGRES_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
