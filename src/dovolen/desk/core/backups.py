"""Backups: the base, its files, secrets and last seal in one archive with checksums; and back, on either engine.

An SQLite base is copied whole by its online backup, a PostgreSQL base row by row out of one snapshot; either archive
is restored to either engine. The desk works on meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from errno import ENOSPC
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from dovolen.desk.core import installation
from dovolen.desk.core.away import is_full
from dovolen.desk.core.files import path_of
from dovolen.desk.core.models import Beat, Mark, Seal
from dovolen.desk.core.rows import Column, PostgresRows, Row, Source, SqliteRows, summed, sums
from dovolen.desk.core.sqlite.base import Database
from dovolen.desk.core.worker import ALIVE

log = logging.getLogger("dovolen.backup")

NIGHTLY = "nightly-*.zip"
BASE, MANIFEST = "base.sqlite3", "manifest.json"
PIECE = 1024 * 1024


class BackupError(OSError):
    """An archive was not made or not restored; the text says why."""


def nightly_name(now: datetime) -> str:
    """The name of a nightly archive."""
    return f"nightly-{now.astimezone(UTC):%Y-%m-%dT%H%M%S}.zip"


@dataclass
class Manifest:
    """What an archive holds."""

    at: str
    made_by: str
    engine: str
    migrations: list[list[str]]
    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[list[str]]] = field(default_factory=dict)
    base_digest: str = ""
    n_files: int = 0
    seal: dict[str, Any] = field(default_factory=dict)


# ── Make ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def make(path: Path, *, now: datetime) -> Manifest:
    """Write an archive; it appears under its name only when it is whole. Room is taken beside it alone: where the disk
    of the base is full, a backup to another one is made all the same.

    Raises: BackupError when there is no room.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    manifest = Manifest(now.isoformat(), version("dovolen"), connection.vendor, [list(key) for key in applied])
    try:
        with os.fdopen(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                if connection.vendor == "sqlite":
                    _pack_sqlite(archive, manifest, beside=path.parent)
                else:
                    _pack_rows(archive, manifest)
                _pack_files(archive, manifest)
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except (OSError, Database.Error) as error:
        why = os.strerror(ENOSPC) if is_full(error) else getattr(error, "strerror", None) or error
        raise BackupError(f"the archive {path} was not written: {why}") from error
    finally:
        fresh.unlink(missing_ok=True)
    _note(path, manifest, now)
    return manifest


def _note(path: Path, manifest: Manifest, now: datetime) -> None:
    facts = {"size": path.stat().st_size, "n_rows": _n_rows(manifest)}
    try:
        Mark.objects.update_or_create(name="backup", defaults={"at": now, "facts": facts})
    except OperationalError as error:
        log.warning("the backup was made, the base could not be told of it: %s", error)


def _n_rows(manifest: Manifest) -> int:
    return sum(int(told.partition(":")[0]) for told in manifest.tables.values())


def _pack_sqlite(archive: zipfile.ZipFile, manifest: Manifest, *, beside: Path) -> None:
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
        copy = Path(folder) / BASE
        with closing(Database.connect(copy)) as target:
            with closing(Database.connect(connection.settings_dict["NAME"])) as source:
                source.backup(target)  # one step over one snapshot: writers do not wait, nor make it begin anew
            manifest.tables, manifest.seal = sums(SqliteRows(target)), _last_seal(target)
        manifest.base_digest = _digest(copy)
        archive.write(copy, BASE)


def _pack_rows(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    with _snapshot() as driver:
        source = PostgresRows(driver)
        for table, columns in source.tables().items():
            manifest.columns[table] = [[column.name, column.kind] for column in columns]
            with archive.open(f"rows/{table}.jsonl", "w", force_zip64=True) as file:
                manifest.tables[table] = str(summed(_written(source.rows(table, columns), file)))
        manifest.seal = _last_seal(driver)


def _written(rows: Iterator[Row], file: Any) -> Iterator[Row]:
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        yield row


@contextmanager
def _snapshot() -> Iterator[Any]:
    """A driver's connection that sees the base as it is at one moment."""
    import psycopg

    own = connection.copy()
    try:
        own.ensure_connection()
        driver = own.connection
        driver.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        driver.autocommit, driver.read_only = False, True
        yield driver
    finally:
        own.close()


def _last_seal(driver: Any) -> dict[str, Any]:
    table = Seal._meta.db_table
    found = driver.execute(f"SELECT number, total, mac FROM {table} ORDER BY number DESC LIMIT 1").fetchone()
    return dict(zip(("number", "total", "mac"), found, strict=True)) if found else {}


def _pack_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for path in sorted(settings.HOME.files.glob("*/*")):
        with suppress(FileNotFoundError):  # its row went long ago, and the night sweeps it away just now
            archive.write(path, f"files/{path.name}", compress_type=zipfile.ZIP_STORED)
            manifest.n_files += 1
    for path in sorted(settings.HOME.secrets.iterdir()):
        archive.write(path, f"secrets/{path.name}")


# ── Restore ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def restore(path: Path, *, now: datetime, over: bool = False) -> Manifest:
    """Make this installation what the archive holds, brought up to this version; every sum is compared.

    Raises: BackupError when the archive is damaged or of a later version, when the desk is at work, and when the base
    holds something already and `over` was not said.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            _refuse_unfit(manifest, now=now, over=over)
            _restore_base(archive, manifest)
            _unpack_files(archive, manifest)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise BackupError(f"{path} is no whole archive of the desk: {error}") from error
    _keep_seal(manifest)
    installation.migrate()
    return manifest


def _refuse_unfit(manifest: Manifest, *, now: datetime, over: bool) -> None:
    known = MigrationLoader(connection).disk_migrations or {}
    if later := [name for app, name in manifest.migrations if app in _apps_of(known) and (app, name) not in known]:
        raise BackupError(f"the archive was made by a later version of Dovolen ({manifest.made_by}, {later[-1]})")
    if installation.is_empty():
        return
    if Beat.objects.filter(seen_at__gt=now - ALIVE).exists():
        raise BackupError("the desk is at work on this base: stop it first")
    if not over:
        raise BackupError("this base holds something already: say --over to replace all of it")


def _apps_of(known: Iterable[tuple[str, str]]) -> set[str]:
    return {app for app, _ in known}


def _restore_base(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    with tempfile.TemporaryDirectory(dir=settings.HOME.folder, prefix=".restore-") as folder:
        source = _opened(archive, manifest, Path(folder))
        if manifest.engine == connection.vendor == "sqlite":
            _replace_file(Path(folder) / BASE)
        else:
            _carry(source, manifest)
    with _reading() as source:
        _compare(manifest.tables, sums(source))


def _opened(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> Source:
    if manifest.engine != "sqlite":
        return ArchivedRows(archive, manifest)
    copy = folder / BASE
    with archive.open(BASE) as packed, copy.open("wb") as file:
        shutil.copyfileobj(packed, file, PIECE)
    if _digest(copy) != manifest.base_digest:
        raise BackupError("the base in the archive is damaged")
    return SqliteRows(Database.connect(copy))


class ArchivedRows:
    """Rows of an archive that was made of a PostgreSQL base."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self._manifest = archive, manifest

    def tables(self) -> dict[str, list[Column]]:
        """Tables of the archive."""
        return {table: [Column(*told) for told in columns] for table, columns in self._manifest.columns.items()}

    def rows(self, table: str, columns: Sequence[Column]) -> Iterator[Row]:  # noqa: ARG002 – written in their order
        """All rows of a table as they were written."""
        with self._archive.open(f"rows/{table}.jsonl") as file:
            for line in file:
                yield json.loads(line)


def _replace_file(copy: Path) -> None:
    """The base is the copy from now on; what an older one left beside it goes."""
    base = Path(connection.settings_dict["NAME"])
    connection.close()
    for rest in ("-wal", "-shm"):
        Path(f"{base}{rest}").unlink(missing_ok=True)
    copy.replace(base)


def _carry(source: Source, manifest: Manifest) -> None:
    """Fill the base, first brought to the migrations that the archive knew, in one transaction."""
    if not installation.is_empty():
        installation.empty()
    installation.migrate_to({(app, name) for app, name in manifest.migrations})
    tables = source.tables()
    connection.ensure_connection()
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            here = _here()
            for table in (there := here.tables()):
                connection.cursor().execute(f'DELETE FROM "{table}"')
            for table, columns in tables.items():
                if table in there:
                    here.write(table, _typed(columns, there[table]), source.rows(table, columns))
            connection.check_constraints()
    finally:
        connection.enable_constraint_checking()


def _typed(columns: Sequence[Column], here: Sequence[Column]) -> list[Column]:
    """The columns in the order of the source, with the kinds they have here."""
    kinds = {column.name: column.kind for column in here}
    return [Column(column.name, kinds[column.name]) for column in columns]


def _here() -> SqliteRows | PostgresRows:
    connection.ensure_connection()
    return (SqliteRows if connection.vendor == "sqlite" else PostgresRows)(connection.connection)


@contextmanager
def _reading() -> Iterator[Source]:
    """The base as it is now, read apart from Django."""
    if connection.vendor == "sqlite":
        driver = Database.connect(connection.settings_dict["NAME"])
        yield SqliteRows(driver)
        driver.close()
    else:
        with _snapshot() as driver:
            yield PostgresRows(driver)


def _compare(told: dict[str, str], found: dict[str, str]) -> None:
    unlike = sorted(table for table in told.keys() & found.keys() if told[table] != found[table])
    lost = sorted(table for table in told.keys() - found.keys() if not told[table].startswith("0:"))
    if unlike or lost:
        raise BackupError(f"not restored as it was: {', '.join(unlike + lost)}")


def _unpack_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    n_files = 0
    for packed in archive.infolist():
        folder, _, name = packed.filename.partition("/")
        if folder == "files" and name.isalnum():
            _unpack_file(archive, packed, name)
            n_files += 1
        if folder == "secrets" and name.isidentifier():
            _unpack(archive, packed, settings.HOME.secrets / name)
    if n_files != manifest.n_files:
        raise BackupError(f"the archive holds {n_files} files, not {manifest.n_files}")


def _unpack_file(archive: zipfile.ZipFile, packed: zipfile.ZipInfo, name: str) -> None:
    """Put a file into its place once it is known to be whole: what lies there may be the better copy."""
    place = path_of(name)
    place.parent.mkdir(exist_ok=True)
    fresh = place.with_name(f".{name}.restored")
    try:
        _unpack(archive, packed, fresh)
        if _digest(fresh) != name:
            raise BackupError(f"the file {name} in the archive is damaged")
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _unpack(archive: zipfile.ZipFile, packed: zipfile.ZipInfo, path: Path) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with (
        archive.open(packed) as source,
        os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(source, file, PIECE)
    fresh.replace(path)


def _keep_seal(manifest: Manifest) -> None:
    settings.HOME.seal.unlink(missing_ok=True)
    if manifest.seal:
        settings.HOME.seal.write_text(json.dumps(manifest.seal), "ascii")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
