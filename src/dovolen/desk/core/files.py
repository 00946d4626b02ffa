"""Files of the desk: bytes lie in the home folder under their own digest, rows say what they are."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.http import FileResponse, Http404

from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import StoredFile

log = logging.getLogger("dovolen.files")

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
"""Kinds that a browser shows; everything else is only handed over."""
KEPT_UNUSED = timedelta(days=1)
AT_ONCE = 500


class NoRoom(Refusal):
    """The disk is full."""

    key = "core.refused.no_room"


def keep(pieces: Iterable[bytes], *, name: str, media_type: str, by: models.Model | None, at: datetime) -> StoredFile:
    """Write the bytes, then their row; equal bytes lie once. Raises: NoRoom when they could not be written."""
    try:
        digest, size = _write(pieces)
    except OSError as error:
        raise NoRoom(cause=error.strerror or "") from error
    return StoredFile.objects.create(
        digest=digest, name=name[-200:], media_type=media_type, size=size, at=at, by_id=by.pk if by else None
    )


def _write(pieces: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    fresh = settings.HOME.files / f".{os.getpid()}.{secrets.token_hex(8)}"
    try:
        with fresh.open("xb") as file:
            for piece in pieces:
                digest.update(piece)
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        fresh.rename(place)
        _fsync_folder(place.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _fsync_folder(folder: Path) -> None:
    """The name of a file is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(settings.HOME.files) / digest[:2] / digest


def drop_unused(*, now: datetime) -> int:
    """Remove bytes that no row speaks of, a day after they were written; gives how many files went.

    A row may be on its way in a transaction that is not over: what was written today stays.
    """
    n = 0
    for folder in sorted(path for path in Path(settings.HOME.files).iterdir() if path.is_dir()):
        old = [path for path in sorted(folder.iterdir()) if path.stat().st_mtime < (now - KEPT_UNUSED).timestamp()]
        for place in range(0, len(old), AT_ONCE):
            n += _drop(old[place : place + AT_ONCE])
    return n


def _drop(old: list[Path]) -> int:
    names = [path.name for path in old]
    held = set(StoredFile.objects.filter(digest__in=names).values_list("digest", flat=True))
    gone = [path for path in old if path.name not in held]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def answer(stored: StoredFile) -> FileResponse:
    """The file as an answer: shown where that is safe, else handed over; nothing in it may run.

    Raises: Http404 where the row is here and the bytes are not, as after a restore without files.
    """
    how = "inline" if stored.media_type in SHOWN else "attachment"
    media_type = stored.media_type if stored.media_type in SHOWN else "application/octet-stream"
    try:
        response = FileResponse(path_of(stored.digest).open("rb"), content_type=media_type)
    except FileNotFoundError as error:
        log.warning("the bytes of file %s are not in the home folder", stored.pk)
        raise Http404 from error
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(stored.name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
