"""What every test may rely on: a closed network, the shared data where it lies beside us, repeatable invention.

DOVOLEN_REQUIRE names what this run must not do without ("chromium,java"): a skip for want of it is then a failure.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
WANTED = ("chromium", "java", "shared data", "a small disk")
COUNTED = re.compile(r"[RS]\d+\b.*: ")

pytest_plugins = ["tests.engines.fixtures"]

settings.register_profile("local", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def _is_loopback(address: Any) -> bool:
    """Whether a socket address stays on this machine; unix sockets do."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class NetworkClosedError(AssertionError):
    """A test reached for another machine."""


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """No test leaves the machine: connections to anything but loopback fail aloud."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        whole = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, _whole: Any = whole) -> Any:
            if not _is_loopback(address):
                raise NetworkClosedError(f"a test connects to {address}")
            return _whole(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data sets; without it the test skips."""
    folder = Path(os.environ.get("DOVOLEN_SHARED") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("shared data is not here: set DOVOLEN_SHARED to its folder")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the shared data bears its mark."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


def _lacking(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """What a skipped test lacked, of the things a run can be asked to have."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return None
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).lower()
    return next((name for name in WANTED if name in reason), None)


def _required() -> frozenset[str]:
    return frozenset(filter(None, os.environ.get("DOVOLEN_REQUIRE", "").split(",")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip for want of what DOVOLEN_REQUIRE names becomes a failure."""
    report = yield
    lacking = _lacking(report)
    if lacking in _required():
        report.outcome = "failed"
        report.longrepr = f"this run requires {lacking} (DOVOLEN_REQUIRE): {report.longrepr}"
    return report


def _counted(terminalreporter: Any) -> list[str]:
    """Lines by which tests say what they tried and found: «R6 sqlite: 200 rounds: 200 won, …»."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    printed = (text for report in reports for name, text in report.sections if name == "Captured stdout call")
    return sorted({line for text in printed for line in text.splitlines() if COUNTED.match(line)})


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests of endurance counted; one loud line for each thing that tests were skipped for."""
    for line in _counted(terminalreporter):
        terminalreporter.write_line(line)
    skipped = [lacking for report in terminalreporter.stats.get("skipped", []) if (lacking := _lacking(report))]
    for name in sorted(set(skipped)):
        terminalreporter.write_line(
            f"!!! {skipped.count(name)} tests SKIPPED for want of {name}", yellow=True, bold=True
        )
