"""What of the demo is not left to chance: places, people, models, words. Read without Django."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

PASSWORD = "dovolen-demo"
"""Of everybody in the demo."""


@cache
def told() -> dict[str, Any]:
    """The file `centre.toml`."""
    return tomllib.loads(files(__package__).joinpath("centre.toml").read_text("utf-8"))


def log_ins() -> list[tuple[str, str]]:
    """Login and name of one person a role."""
    first: dict[str, tuple[str, str]] = {}
    for person in told()["staff"]:
        first.setdefault(person["role"], (person["login"], person["name"]))
    return list(first.values())
