"""The server stays light: arrays and the analytical engine are brought by processes of their own, not by pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("duckdb", "numpy", "pyarrow", "scipy", "xlsxwriter")
ASK = """
import sys
import dovolen.desk.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_no_page_brings_arrays_when_the_server_starts(tmp_path: Path) -> None:
    surroundings = {**os.environ, "DOVOLEN_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", ASK, *HEAVY], env=surroundings, capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stdout.split() == []
