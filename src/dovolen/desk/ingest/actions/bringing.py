"""A file, or a base, is brought in: kept as it is, read by the importer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import files, journal, locks
from dovolen.desk.core.models import StoredFile
from dovolen.desk.core.values import text
from dovolen.desk.ingest.actions.refusals import BadAddress, EmptyFile, HostNotNamed, TooLarge
from dovolen.desk.ingest.models import RIGHT, Import

MOST_BYTES = 2 * 2**30
"""Of one file: what is larger is brought as a base, or in parts."""
MOST_BESIDE = 20
PURPOSE = "imports"
MEDIA_TYPE = "application/octet-stream"
TAKEN = frozenset({"host", "port", "user", "password", "dbname", "sslmode"})
"""What an address of a base may say."""
LONGEST_NAME = 120


def upload(
    *,
    centre: Centre,
    name: str,
    pieces: Iterable[bytes],
    beside: Sequence[tuple[str, Iterable[bytes]]] = (),
    by: Staff,
    now: datetime,
) -> Import:
    """Bring a file; `beside` are further files of the same source (its clients, its lines), name and pieces each.

    Raises: NotAllowed, EmptyFile, TooLarge, NoRoom. Leaves: `import.brought`.
    """
    require(by, RIGHT, centre)
    kept = keep([(name, pieces), *beside], by=by, now=now)
    return bring(centre=centre, kept=kept, by=by, now=now)


def keep(brought: Sequence[tuple[str, Iterable[bytes]]], *, by: Staff, now: datetime) -> list[StoredFile]:
    """Write files to the disk, before anything is written into the base: nobody waits for a large one.

    Raises: EmptyFile, TooLarge, NoRoom.
    """
    if len(brought) > 1 + MOST_BESIDE:
        raise TooLarge(most=MOST_BESIDE)
    return [_keep(name, pieces, by, now) for name, pieces in brought]


@transaction.atomic
def bring(*, centre: Centre, kept: Sequence[StoredFile], by: Staff, now: datetime) -> Import:
    """Begin an import of files that are kept. Raises: NotAllowed. Leaves: `import.brought`."""
    require(by, RIGHT, centre)
    first, *others = kept
    source = Import.objects.create(
        centre=centre, name=first.name, file=first, made_at=now, made_by=by,
        choices={"beside": [{"file": other.pk, "name": other.name} for other in others]} if others else {},
    )  # fmt: skip
    journal.record(
        "import.brought", subject=source, by=by, at=now, centre=centre, file=first.pk, size=first.size,
        n_files=1 + len(others),
    )  # fmt: skip
    return source


def _keep(name: str, pieces: Iterable[bytes], by: Staff, now: datetime) -> StoredFile:
    kept = files.keep(_not_too_many(pieces), name=plain_name(name), media_type=MEDIA_TYPE, by=by, at=now)
    if not kept.size:
        raise EmptyFile
    return kept


def _not_too_many(pieces: Iterable[bytes]) -> Iterator[bytes]:
    n = 0
    for piece in pieces:
        n += len(piece)
        if n > MOST_BYTES:
            raise TooLarge(most=MOST_BYTES // 2**20)
        yield piece


def plain_name(name: str) -> str:
    """A file's name without folders and without signs that a path or a page could stumble over."""
    last = text(name.replace("\\", "/")).rpartition("/")[2]
    told = "".join(sign if sign.isalnum() or sign in " .-_()№" else "_" for sign in last).strip(" .")
    return told[-LONGEST_NAME:] or "file"


@transaction.atomic
def connect(*, centre: Centre, address: str, by: Staff, now: datetime) -> Import:
    """Bring a PostgreSQL base by its address; only hosts that the server's configuration names are reached.

    Raises: NotAllowed, BadAddress, HostNotNamed. Leaves: `import.brought`.
    """
    require(by, RIGHT, centre)
    host, base = checked_address(address)
    source = Import.objects.create(
        centre=centre, name=f"{host} / {base}"[:200], connection=locks.lock(PURPOSE, address.strip()), made_at=now,
        made_by=by,
    )  # fmt: skip
    journal.record("import.brought", subject=source, by=by, at=now, centre=centre, n_files=0)
    return source


def checked_address(address: str) -> tuple[str, str]:
    """Host and base of an address that may be read. Raises: BadAddress, HostNotNamed."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not address.strip().startswith(("postgres://", "postgresql://")):
        raise BadAddress
    try:
        parts = conninfo_to_dict(address.strip())
    except psycopg.Error as error:
        raise BadAddress from error
    host, port = str(parts.get("host") or ""), str(parts.get("port") or "5432")
    if set(parts) - TAKEN or not host or not parts.get("dbname") or any(sign in host for sign in ",/@"):
        raise BadAddress
    if not {host.lower(), f"{host.lower()}:{port}"} & settings.IMPORT_HOSTS:
        raise HostNotNamed(host=host)
    return host, str(parts["dbname"])
