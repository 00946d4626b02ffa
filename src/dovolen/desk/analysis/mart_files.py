"""Where the mart lies: files of the latest snapshots for other programs, a folder a scope and snapshot."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from dovolen.desk.analysis.models import Snapshot

KEPT = 3
"""Folders kept of each scope, `latest` among them."""
LATEST = "latest"
CUBES = "cubes"


def folder_of(snapshot: Snapshot) -> Path:
    """`mart/house/2026-11-20-17`: the day it tells of, and its number."""
    scope = "house" if snapshot.centre_id is None else f"centre-{snapshot.centre_id}"
    return Path(settings.HOME.mart) / scope / f"{snapshot.day.isoformat()}-{snapshot.pk}"


def keep() -> None:
    """Only the latest folders of each scope stay, and what nobody finished goes."""
    for scope in Path(settings.HOME.mart).iterdir():
        if not scope.is_dir() or scope.name == CUBES:
            continue
        found = sorted((one for one in scope.iterdir() if one.is_dir() and not one.is_symlink()), key=_made)
        for old in found[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _made(folder: Path) -> tuple[int, str]:
    number = folder.name.rpartition("-")[2]
    return (int(number), folder.name) if number.isdigit() else (0, folder.name)
