"""What may stand in a file of this repository: nothing of one machine, no registry, nothing built."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOO_LARGE = 600 * 1024
BINARY = {".parquet", ".png", ".xlsx", ".xls", ".ods", ".woff2"}
BUILT = re.compile(r"(^|/)(node_modules|dist|\.venv)/|dovolen/assets/|\.min\.(js|css)$|\.woff2?$|\.whl$|\.pyc$")
REGISTRIES = re.compile(
    r"files\.python" r"hosted|pypi\.(?:org|python)|registry\.npm" r"js|deb\.debian|--(?:extra-)?index-" r"url\s+\S*:"
)
MACHINE = re.compile(r"(?<![\w.])/(?:root|home|work|Users)/\w|\\User" r"s\\")
SECRETS = re.compile(r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE " r"KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}")


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.decode().rstrip("\0").split("\0")
    return tuple(path for name in names if (path := ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8", errors="replace")
        for path in tracked()
        if path.suffix not in BINARY
    }


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a registry's address", REGISTRIES), ("a path of one machine", MACHINE), ("a secret", SECRETS)],
)
def test_no_file_names(what: str, pattern: re.Pattern[str]) -> None:
    found = [f"{name}: {hit.group()!r}" for name, text in texts().items() for hit in [pattern.search(text)] if hit]

    assert not found, f"{what} in {found}"


def test_nothing_built_or_foreign_is_committed() -> None:
    assert not [name for path in tracked() if BUILT.search(name := path.relative_to(ROOT).as_posix())]


def test_no_file_is_heavy() -> None:
    heavy = [path for path in tracked() if path.stat().st_size > TOO_LARGE and path.parent.name != "requirements"]

    assert not heavy


def test_locks_carry_names_versions_and_hashes_only() -> None:
    line = re.compile(r"^(#.*|[\w.\-]+(\[[\w,\-]+\])?==[\w.!+]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$")
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        strange = [text for text in lock.read_text().splitlines() if text and not line.match(text)]

        assert not strange, f"{lock.name}: {strange[:3]}"


def test_every_dependency_says_what_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    requirement = re.compile(r'^\s+"[\w\-\[\]]+[<>=]=?[\d.,<>=]+",')

    assert not [line for line in lines if requirement.match(line) and "#" not in line]
