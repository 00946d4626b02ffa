"""Backups: a damaged one is refused, a base at work is not replaced; drills under load are in the tests of endurance."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from dovolen.desk.core import backups, journal, search
from dovolen.desk.core.files import path_of
from dovolen.desk.core.models import Beat, Event, Mark, StoredFile
from dovolen.desk.core.rows import Sum, _decimal
from tests.desk.conftest import NOON
from tests.desk.processes import Installation


def happen(n: int = 40) -> None:
    """Rows of many kinds: words, moments, JSON, nothing, yes and no, big numbers."""
    Mark.objects.get_or_create(name="Ёлка «№ 1»\n\t\\N", defaults={"at": NOON, "facts": {"b": [1, None], "a": "ё\\"}})
    for number in range(n):
        with transaction.atomic():
            StoredFile.objects.create(digest="d" * 64, name=f"ф{number}", media_type="", size=2**40 + number, at=NOON)
            subject = StoredFile.objects.latest("pk")
            search.put(subject, "customer", [subject.name, "Ковалёва"])
            journal.record("file.kept", subject=subject, by=None, at=NOON, n=number, private={"name": "Анна"})


def write_file(home: Path, content: bytes) -> str:
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    folder = home / "files" / digest[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / digest).write_bytes(content)
    return digest


def spoiled(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with members changed or, where None is given, taken out."""
    other = archive.with_name("spoiled.zip")
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(other, "w") as written:
        for name in whole.namelist():
            if (content := change(name, whole.read(name))) is not None:
                written.writestr(name, content)
    return other


def with_a_step_of_tomorrow(content: bytes) -> bytes:
    manifest = json.loads(content)
    manifest["migrations"].append(["core", "9999_of_tomorrow"])
    return json.dumps(manifest).encode()


DAMAGE: dict[str, Callable[[str, bytes], bytes | None]] = {
    "the base in the archive is damaged": lambda name, held: (
        held.replace(b"Counter", b"counter") + b"x" if name == "base.sqlite3" else held
    ),
    "file .* in the archive is damaged": lambda name, held: b"another photo" if name.startswith("files/") else held,
    "no whole archive": lambda name, held: None if name == "manifest.json" else held,
    r"holds 0 files, not \d+": lambda name, held: None if name.startswith("files/") else held,
    "later version": lambda name, held: with_a_step_of_tomorrow(held) if name == "manifest.json" else held,
}


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_what_cannot_be_restored_whole_is_refused(installed: Installation, tmp_path: Path) -> None:
    digest = write_file(settings.HOME.folder, b"a photo")
    archive = tmp_path / "a.zip"
    backups.make(archive, now=NOON)
    assert Mark.objects.get(name="backup").facts["size"] == archive.stat().st_size

    for told, change in DAMAGE.items():
        with pytest.raises(backups.BackupError, match=told):
            backups.restore(spoiled(archive, change), now=NOON, over=True)
        assert path_of(digest).read_bytes() == b"a photo"
    cut = tmp_path / "cut.zip"
    cut.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(backups.BackupError, match="no whole archive"):
        backups.restore(cut, now=NOON, over=True)
    path_of(digest).unlink()


def test_a_base_that_holds_something_or_is_at_work_is_not_replaced(installed: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    happen(2)
    backups.make(archive, now=NOON)

    with pytest.raises(backups.BackupError, match="--over"):
        backups.restore(archive, now=NOON)
    Beat.objects.create(worker="w", started_at=NOON, seen_at=NOON)
    with pytest.raises(backups.BackupError, match="stop it first"):
        backups.restore(archive, now=NOON, over=True)
    Beat.objects.all().delete()
    happen(3)
    backups.restore(archive, now=NOON, over=True)
    assert Event.objects.count() == 2


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_what_cannot_be_written_is_told_and_leaves_no_half_archive(installed: Installation, tmp_path: Path) -> None:
    with pytest.raises(backups.BackupError, match="was not written"):
        backups.make(tmp_path / "no" / "such" / "folder" / "a.zip", now=NOON)
    (tmp_path / "a.zip").mkdir()
    with pytest.raises(backups.BackupError, match="was not written"):
        backups.make(tmp_path / "a.zip", now=NOON)

    assert not list(tmp_path.glob(".a.zip*"))


@pytest.mark.parametrize(("one", "other"), [("1.00", "1"), ("0.10", "0.1"), ("1E+2", "100"), ("-0.50", "-0.5")])
def test_equal_decimals_are_told_equally(one: str, other: str) -> None:
    assert _decimal(Decimal(one)) == _decimal(Decimal(other)) == other


def test_sums_do_not_depend_on_the_order_but_on_every_value() -> None:
    rows = [[1, "a", None], [2, "b", True], [3, "c", "2026-01-01"]]

    def total(some: list[list[Any]]) -> str:
        found = Sum()
        for row in some:
            found = found.plus(row)
        return str(found)

    assert total(rows) == total(rows[::-1])
    assert total(rows) != total([*rows[:2], [3, "c", "2026-01-02"]])
    assert total(rows) != total(rows[:2])


def test_secrets_are_for_their_owner_alone() -> None:
    assert settings.SECRET_KEY
    assert settings.HOME.secret("journal") == settings.HOME.secret("journal")
    assert {path.stat().st_mode & 0o777 for path in settings.HOME.secrets.iterdir()} == {0o600}
    assert settings.HOME.secrets.stat().st_mode & 0o777 == 0o700
