"""The browser of the journeys: one a module, none where the machine has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys import browser
from tests.journeys.browser import Browser
from tests.journeys.visitor import AXE


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """An open window with an empty page."""
    program = browser.found()
    if program is None or not AXE.exists():
        pytest.skip("no chromium on this machine (or no axe-core: make setup): pages are not looked at in a browser")
    with browser.opened(program, tmp_path_factory.mktemp("profile")) as one:
        yield one
