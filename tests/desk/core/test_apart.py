"""Processes beside the workers: started for work, one on a host, gone when idle and with their parent."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dovolen.desk.core.apart import Apart, held_alone

PATIENCE = 20.0


def until(happens: Callable[[], bool]) -> bool:
    """Whether it happens in time."""
    latest = time.monotonic() + PATIENCE
    while not happens() and time.monotonic() < latest:
        time.sleep(0.02)
    return happens()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that writes its process number into a file and ends with its standard input."""
    name = f"apart_{tmp_path.name.replace('-', '_')}"
    told = tmp_path / "told"
    text = f"import os, sys\nopen({str(told)!r}, 'a').write(f'{{os.getpid()}} ')\nsys.stdin.read()\n"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return name


def numbers(tmp_path: Path) -> list[str]:
    return (tmp_path / "told").read_text().split() if (tmp_path / "told").exists() else []


def test_nothing_is_started_without_work(module, tmp_path):
    one = Apart(module, lambda: False)

    assert one.step() == 0
    assert one._process is None


def test_of_several_workers_on_a_host_one_starts_the_process(module, tmp_path):
    first, second = Apart(module, lambda: True), Apart(module, lambda: True)
    try:
        assert first.step() == 1
        assert until(lambda: len(numbers(tmp_path)) == 1)
        assert (first.step(), second.step()) == (0, 0)
        assert len(numbers(tmp_path)) == 1
    finally:
        first.stop()


def test_who_comes_after_a_killed_process_starts_another(module, tmp_path, monkeypatch):
    first, second = Apart(module, lambda: True), Apart(module, lambda: True)
    try:
        first.step()
        assert until(lambda: len(numbers(tmp_path)) == 1)
        first._process.kill()
        first._process.wait()

        assert second.step() == 1
        assert until(lambda: len(numbers(tmp_path)) == 2)
    finally:
        first.stop()
        second.stop()


def test_one_that_ends_at_once_is_not_started_for_ever(tmp_path, monkeypatch):
    (tmp_path / "apart_broken.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    one = Apart("apart_broken", lambda: True)

    assert one.step() == 1
    one._process.wait()

    assert one.step() == 0


def test_the_lock_of_a_host_is_one(module):
    with held_alone(module) as first, held_alone(module) as second:
        assert first is not None
        assert second is None


def test_the_process_leaves_with_its_parent(tmp_path):
    waits = "from dovolen.desk.core.apart import work; work(lambda: 0)"
    parent = subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE)
    try:
        assert parent.stdin
        time.sleep(0.5)
        parent.stdin.close()

        assert parent.wait(PATIENCE) == 0
    finally:
        parent.kill()


def test_an_idle_process_ends():
    idle = "from dovolen.desk.core.apart import work; work(lambda: 0, longest_idle=0.3)"
    process = subprocess.Popen([sys.executable, "-c", idle], stdin=subprocess.PIPE)
    try:
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.stdin.close()
