"""A desk that runs: an installation with a base of its own, a server of its own, and somebody who is already inside."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.test import Client

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from tests.desk.conftest import HOME, _migrate, connected, settings_of
from tests.desk.processes import Installation, ended
from tests.journeys.visitor import Visitor


@contextmanager
def prepared(home: Path, url: str, blocker: Any) -> Iterator[Installation]:
    """An empty installation; this process is connected to its base and shares its secrets and files."""
    installation = Installation(home, url)
    settings.HOME.secret("journal")
    home.mkdir(exist_ok=True)
    shutil.copytree(HOME / "secrets", home / "secrets")
    (home / "files").symlink_to(HOME / "files")
    with blocker.unblock(), connected(settings_of(url, home)):
        _migrate()
        yield installation


@contextmanager
def served(installation: Installation) -> Iterator[str]:
    """The address of its server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = installation.start("-m", "dovolen", "serve", "--port", str(port))
    with ended(server):
        _wait_for(f"http://127.0.0.1:{port}/health/")
        yield f"http://localhost:{port}"


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def comes_in(visitor: Visitor, staff: Staff) -> None:
    """Be inside as somebody, without the log-in page, which has its own journey."""
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.window.ask("Network.clearBrowserCookies")
    visitor.window.ask("Network.setCookie", name=settings.SESSION_COOKIE_NAME, value=key, url=visitor.origin)
