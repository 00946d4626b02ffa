"""Filling the places of a recipe and walking through what a provider says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dovolen.desk.messaging.gateways.recipes import PLACE

OF_LIST = re.compile(r"(.+?)\[\d*\]")


def filled(told: Any, values: Mapping[str, str]) -> Any:
    """A field with its places filled; what comes out empty is left out of its table."""
    if isinstance(told, str):
        return PLACE.sub(lambda place: values.get(place[1], ""), told)
    if isinstance(told, Mapping):
        parts = {filled(name, values): filled(part, values) for name, part in told.items()}
        return {name: part for name, part in parts.items() if part != ""}
    if isinstance(told, list):
        return [filled(part, values) for part in told]
    return told


def found(told: Any, path: str, values: Mapping[str, str] | None = None) -> str:
    """What stands at the end of a path, as text; empty where there is nothing."""
    value = walked(told, path, values)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def walked(told: Any, path: str, values: Mapping[str, str] | None = None) -> Any:
    """What stands at the end of a path: names of tables, numbers of lists, parted by points. None: nothing."""
    for step in path.split(".") if path else ():
        name = filled(step, values or {})
        if isinstance(told, dict):
            told = told.get(name)
        elif isinstance(told, list) and name.isdecimal() and len(name) < 6 and int(name) < len(told):
            told = told[int(name)]
        else:
            return None
    return told


def as_table(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """A form as a table; `name[0]`, `name[]` and repeated names make a list."""
    table: dict[str, Any] = {}
    for name, value in pairs:
        if part := OF_LIST.fullmatch(name):
            listed = table.setdefault(part[1], [])
            if isinstance(listed, list):
                listed.append(value)
        else:
            table.setdefault(name, value)
    return table
