"""Bytes whose row is gone go a day later; whatever a row speaks of stays."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from dovolen.desk.core import files
from dovolen.desk.core.home import Home
from dovolen.desk.core.models import StoredFile
from dovolen.desk.schedule import SCHEDULE
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))
    settings.HOME.files.mkdir()


def kept(text: bytes, *, at: datetime) -> StoredFile:
    """A file that was written at a moment."""
    stored = files.keep([text], name="a.jpg", media_type="image/jpeg", by=None, at=at)
    os.utime(files.path_of(stored.digest), (at.timestamp(), at.timestamp()))
    return stored


def path(stored: StoredFile) -> Path:
    return files.path_of(stored.digest)


def test_what_no_row_speaks_of_goes_a_day_later() -> None:
    long_ago, today = NOON - timedelta(days=2), NOON - timedelta(hours=3)
    held, gone, fresh = kept(b"held", at=long_ago), kept(b"gone", at=long_ago), kept(b"fresh", at=today)
    StoredFile.objects.filter(pk__in=[gone.pk, fresh.pk]).delete()

    SCHEDULE["core.files"].run(since=NOON, until=NOON, centre_id=0, now=NOON)

    assert [path(one).exists() for one in (held, gone, fresh)] == [True, False, True]


def test_bytes_that_two_rows_share_stay_for_the_other() -> None:
    one, two = (kept(b"shared", at=NOON - timedelta(days=9)) for _ in range(2))
    one.delete()

    files.drop_unused(now=NOON)

    assert path(two).read_bytes() == b"shared"


def test_more_files_than_are_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 1)
    all_of_them = [kept(f"file {n}".encode(), at=NOON - timedelta(days=2)) for n in range(40)]
    folders = [path(stored).parent for stored in all_of_them]
    assert len(set(folders)) < len(folders)
    StoredFile.objects.filter(pk__gt=all_of_them[9].pk).delete()

    assert files.drop_unused(now=NOON) == 30
    assert [path(stored).exists() for stored in all_of_them] == [True] * 10 + [False] * 30
