"""The address before every link that leaves the house: what people type, else what the server was started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dovolen.desk.commands.serving import address_of

ASK = "import django; django.setup(); from dovolen.desk.core import site; print(site.url('/c/x/'))"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:8000"), ("0.0.0.0", "http://localhost:8000"),
        ("desk.local", "http://desk.local:8000"), ("192.168.1.5", "http://192.168.1.5:8000"),
        ("fd00::5", "http://[fd00::5]:8000"),
    ],
)  # fmt: skip
def test_a_server_knows_what_to_type_to_reach_it(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "http://localhost:8000/c/x/"), ({"DOVOLEN_SERVED_AT": "http://localhost:8123"}, "http://localhost:8123/c/x/"),
        (
            {"DOVOLEN_SERVED_AT": "http://localhost:8123", "DOVOLEN_URL": "https://desk.example.ru/"},
            "https://desk.example.ru/c/x/",
        ),
    ],
)  # fmt: skip
def test_links_begin_with_what_people_type(tmp_path: Path, told: dict[str, str], address: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOVOLEN_")}
    here = {"DJANGO_SETTINGS_MODULE": "dovolen.desk.settings", "DOVOLEN_HOME": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, "-c", ASK], env=kept | here | told, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == address
