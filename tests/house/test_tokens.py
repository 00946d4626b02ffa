"""Colours of the report stay readable: text 4.5:1 on its ground, marks and edges 3:1, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dovolen.insight

CSS = (Path(dovolen.insight.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
GROUNDS = ("bg", "surface", "sunken", "hover")
MEANINGS = ("good", "fair", "warn", "bad", "mute")

TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand") for ground in GROUNDS]
TEXT += [(meaning, f"{meaning}-soft") for meaning in MEANINGS] + [
    (f"seq-ink-{step}", f"seq-{step}") for step in range(5)
]
TEXT += [("brand-strong", "brand-soft"), ("on-brand", "brand"), ("ink-2", "mute-soft"), ("ink", "warn-soft")]
MARKS = [(f"{meaning}-mark", "surface") for meaning in MEANINGS] + [("line-strong", "surface"), ("ink-3", "surface")]


def themes() -> dict[str, dict[str, str]]:
    """Tokens of the light and of the dark theme; the dark one overrides."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--dv-([\w-]+): (#[0-9a-f]{3,6})", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reads_on_its_ground(theme: str, ink: str, ground: str) -> None:
    tokens = themes()[theme]

    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_stand_out_from_the_panel(theme: str, mark: str, ground: str) -> None:
    tokens = themes()[theme]

    assert contrast(tokens[mark], tokens[ground]) >= 3


def test_both_themes_hold_the_same_colours() -> None:
    blocks = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
    light, dark = (set(re.findall(r"--dv-([\w-]+): (?:#|rgb)", block)) for block in blocks[:2])

    assert light == dark


def test_no_colour_is_written_outside_the_tokens() -> None:
    parts = CSS.split("/* shell", 1)[1].split("@media print", 1)[0]

    assert not re.findall(r"#[0-9a-f]{3,6}\b", parts)


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.1."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
