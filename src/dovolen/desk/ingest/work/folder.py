"""The folder of one import in the home: its files under plain names, its rows on their way into the base."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from dovolen.desk.core import files, locks
from dovolen.desk.core.models import StoredFile
from dovolen.desk.ingest.actions.bringing import PURPOSE, checked_address, plain_name
from dovolen.desk.ingest.models import Import

PACKED = ".zip"
SAMPLE, STAGED = "sample.json", "staged.json"


def folder_of(source: Import) -> Path:
    """Where it lies; made where it is not there yet."""
    found = Path(settings.HOME.imports) / str(source.pk)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def origin(source: Import) -> str | Path:
    """What the library reads: the address of a base, a file, or a folder of files that belong together.

    Raises: SchemaError for an archive that cannot be unpacked.
    """
    if source.connection:
        address = locks.unlock(PURPOSE, source.connection)
        checked_address(address)  # the configuration may name other hosts today
        return address
    assert source.file is not None
    beside = source.choices.get("beside", [])
    kept = {source.file.name: source.file, **_others(beside)}
    place = folder_of(source) / f"brought-{face_of(kept.values())}"
    place.mkdir(mode=0o700, exist_ok=True)
    for name, file in kept.items():
        _lay(file, place / plain_name(name))
    packed = sorted(one for one in place.iterdir() if one.suffix.lower() == PACKED)
    for one in packed:
        _unpacked(one, source)
    return place if beside or packed else place / plain_name(source.file.name)


def _unpacked(file: Path, source: Import) -> None:
    """The tables of an archive beside it, in its stead. Raises: SchemaError."""
    from dovolen.insight.sources import archives
    from dovolen.insight.sources.reading import SUFFIXES

    fresh = folder_of(source) / f"unpacking-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    try:
        archives.unpack(file, fresh, SUFFIXES)
        for table in fresh.iterdir():
            table.replace(file.with_name(table.name))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def face_of(kept: Iterable[StoredFile]) -> str:
    """Tells other bytes from these: a base that was restored may give the number of an import a second time."""
    return hashlib.sha256(" ".join(file.digest for file in kept).encode()).hexdigest()[:12]


def _others(beside: list[dict[str, Any]]) -> dict[str, StoredFile]:
    rows = StoredFile.objects.in_bulk([other["file"] for other in beside])
    return {other["name"]: rows[other["file"]] for other in beside}


def _lay(file: StoredFile, place: Path) -> None:
    """The bytes under a name that tells their kind: a link costs nothing, another disk gets a copy."""
    if place.exists():
        return
    kept = files.path_of(file.digest)
    if not kept.exists():  # as after a restore without files
        from dovolen.insight.schema import SchemaError

        raise SchemaError("error.no_file", {"source": file.name})
    try:
        os.link(kept, place)
    except OSError:
        shutil.copyfile(kept, place)


def write_json(place: Path, told: Mapping[str, Any]) -> None:
    """Write it whole or not at all."""
    fresh = place.with_suffix(f".{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)


def read_json(place: Path) -> dict[str, Any]:
    """What is told there; nothing where it was not written."""
    try:
        found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def sample(source: Import) -> dict[str, Any]:
    """Tables of the file with a few rows each: {"tables": [{"name", "headers", "rows", "n_rows"}]}."""
    return read_json(folder_of(source) / SAMPLE) or {"tables": []}


def drop_rows(source: Import) -> None:
    """Remove rows that are in the base now: names and phones lie nowhere twice. The sample stays for its page."""
    for place in folder_of(source).iterdir():
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
