"""Docs that cannot lie: links lead somewhere, the glossary knows our words, what make is said to do it does."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dovolen.insight.facts import definitions
from dovolen.insight.schema import TABLES
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "requirements").glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"^([a-z\-]+):", re.MULTILINE)
CODES = re.compile(r"'([a-z]+(?:_[a-z0-9]+)*)'")
SAYING_WHO = ("classes", "states", "rfm")
NOT_SAID = {"day", "average", "revenue", "margin", "sum", "steps", "above"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]

    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_of_make_exist(page: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z\-]+)", page.read_text("utf-8"), re.MULTILINE))

    assert named <= targets


def test_every_decision_is_listed_and_numbered_in_turn() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(page.name for page in folder.glob("[0-9]*.md"))

    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert all(f"({name})" in (folder / "README.md").read_text("utf-8") for name in pages)


def test_both_readmes_tell_the_same() -> None:
    english, russian = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.ru.md"))

    assert re.findall(r"^#+", english, re.MULTILINE) == re.findall(r"^#+", russian, re.MULTILINE)
    assert set(LINK.findall(english)) ^ set(LINK.findall(russian)) == {"README.md", "README.ru.md"}


def test_the_glossary_knows_our_tables() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")

    assert not [name for name in TABLES if name not in glossary]


@pytest.mark.parametrize("view", SAYING_WHO)
def test_the_glossary_knows_what_a_client_can_be(view: str) -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")
    code = re.sub(r"--.*", "", definitions()[view])

    assert not [word for word in CODES.findall(code) if word not in NOT_SAID and word not in glossary]


@pytest.mark.parametrize("family", ["class", "state", "segment"])
def test_the_glossary_says_what_the_report_says(family: str) -> None:
    words = tomllib.loads((ROOT / "src/dovolen/insight/words/ru.toml").read_text("utf-8"))
    said = {key.removeprefix(f"{family}."): text for key, text in words.items() if key.startswith(f"{family}.")}
    lines = (ROOT / "GLOSSARY.md").read_text("utf-8").casefold().splitlines()
    listed = {code: line for line in lines for code in re.findall(r"`(\w+)`", line) if code in said and code != "lost"}

    assert not [code for code, line in listed.items() if said[code].casefold() not in line]
    assert len(listed) >= 3


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse prints its help differently in each Python")
def test_the_reference_is_what_the_code_says() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
