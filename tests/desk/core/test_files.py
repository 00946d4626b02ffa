"""Files lie once under their digest, and nothing in them runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404

from dovolen.desk.core import files
from dovolen.desk.core.models import StoredFile
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def kept(content: bytes = b"a photo", name: str = "фото.jpg", media_type: str = "image/jpeg") -> StoredFile:
    return files.keep([content[:3], content[3:]], name=name, media_type=media_type, by=None, at=NOON)


def test_equal_bytes_lie_once_and_each_row_keeps_its_name() -> None:
    one, other = kept(), kept(name="copy.jpg")

    assert one.digest == other.digest
    assert one.size == 7
    assert files.path_of(one.digest).read_bytes() == b"a photo"
    assert not [path for path in settings.HOME.files.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("media_type", "how"), [("image/jpeg", "inline"), ("text/html", "attachment"), ("image/svg+xml", "attachment")]
)
def test_only_what_cannot_run_is_shown(media_type: str, how: str) -> None:
    answer = files.answer(kept(name='a "b"\r\n.html', media_type=media_type))

    assert answer["Content-Disposition"].startswith(how)
    assert "\r" not in answer["Content-Disposition"]
    assert answer["Content-Type"] == (media_type if how == "inline" else "application/octet-stream")
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


def test_a_full_disk_is_a_refusal_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "path_of", full)

    with pytest.raises(files.NoRoom, match=r"на\sдиске нет места"):
        kept()
    assert not StoredFile.objects.exists()
    assert not [path for path in settings.HOME.files.iterdir() if path.is_file()]


def test_a_file_whose_bytes_are_gone_is_not_there_and_that_is_no_error_of_the_server() -> None:
    stored = kept(b"soon gone")
    files.path_of(stored.digest).unlink()

    with pytest.raises(Http404):
        files.answer(stored)
