"""A disk that is soon full: a small tmpfs, mounted where the machine permits it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import pytest

PIECE = 64 * 1024


@dataclass(frozen=True)
class SmallDisk:
    """A folder on a disk of its own."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """What takes up the room."""
        return self.folder / "ballast"

    def fill(self) -> int:
        """Leave no byte free; gives how many were taken just now."""
        taken = 0
        with self.ballast.open("ab", buffering=0) as file:
            for size in (PIECE, 1):
                while n := _written(file, size):
                    taken += n
        return taken

    def free(self) -> None:
        """There is room again."""
        self.ballast.unlink(missing_ok=True)


def _written(file: FileIO, size: int) -> int:
    """How many bytes went; none where there is no room."""
    try:
        return file.write(b"\0" * size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return 0


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """A disk of this size mounted at a folder; the test is skipped where none may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount(folder, megabytes)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run([*_as_root(), "umount", "--lazy", str(folder)], check=True)


def _mount(folder: Path, megabytes: int) -> None:
    options = f"size={megabytes}m,mode=0777"
    asked = [*_as_root(), "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("a small disk may not be mounted here: R4 needs root, or sudo without a password")


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 or shutil.which("sudo") is None else ["sudo", "-n"]
