"""The form of all settings of the analysis: fields made of the list, each checked as the library checks it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dovolen.desk.analysis import setting_list
from dovolen.desk.analysis.setting_list import CHOICE, LINES, NUMBER, NUMBERS, POINTS, SHARE, TEXT, WHOLE, Setting
from dovolen.desk.core import words
from dovolen.insight.config import Config, differing, from_values
from dovolen.insight.schema import SchemaError

LONGEST, LONGEST_LINES = 200, 4_000
KEYS = {
    "ages": ("category", "since", "until"),
    "segments": ("name", "cells", "tactic"),
    "price_changes": ("date", "category", "brand", "note"),
    "category_cuts": ("category", "r", "f", "m"),
}
"""Columns of a setting of lines, parted by semicolons."""
MANY = {"cells", "r", "f", "m"}
NUMERIC = {"since", "until"}


class SettingsForm(forms.Form):
    """Every setting; `made` are the values that differ from the defaults, once it is valid."""

    made: dict[str, Any]
    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(max_length=LONGEST, required=False)

    def __init__(self, data: Any = None, *, config: Config, seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fields["note"].label = words.say("analysis_settings.note")
        self.fields["note"].help_text = words.say("analysis_settings.note_hint")
        for setting in setting_list.settings().values():
            self.fields[setting.name] = _field(setting)
            self.initial[setting.name] = shown(setting, getattr(config, setting.name))
        own = {one.fact: one.points for one in config.card_points}
        for step in setting_list.facts():
            self.fields[POINTS + step.fact] = _of_points(step)
            self.initial[POINTS + step.fact] = _numbers_shown(own.get(step.fact, step.points))

    def clean(self) -> dict[str, Any]:
        """Values as the library understands them. Each refusal stands at its field."""
        told: dict[str, Any] = super().clean() or {}
        values: dict[str, Any] = {}
        for setting in setting_list.settings().values():
            if setting.name not in told or told[setting.name] in (None, ""):
                continue  # an empty field is the default
            values |= self._taken(setting.name, lambda setting=setting: understood(setting, told[setting.name]))
        if "rfm_method" in values and values["rfm_method"] == "fixed":
            self._need_cuts(values)
        points = [self._points(step, told) for step in setting_list.facts()]
        values["card_points"] = [one for one in points if one]
        if not self.errors:
            self.made = differing(from_values(values))
        return told

    def _taken(self, name: str, read: Any) -> dict[str, Any]:
        try:
            value = read()
            from_values({name: value})
        except SchemaError as refusal:
            label = self.fields[name].label
            self.add_error(name, words.say(refusal.key, **{**refusal.values, "name": f"«{label}»"}))
        except (ValueError, ValidationError):
            self.add_error(name, words.say("analysis_settings.refused.not_understood"))
        else:
            return {name: value}
        return {}

    def _need_cuts(self, values: Mapping[str, Any]) -> None:
        """Fixed cuts ask for a grid of one's own and one cut fewer than it has grades."""
        if values.get("grid", "auto") == "auto":
            self.add_error("grid", words.say("analysis_settings.refused.grid_for_cuts"))
            return
        for name in ("cuts_r", "cuts_f", "cuts_m"):
            if len(values.get(name, ())) != int(values["grid"]) - 1:
                self.add_error(name, words.say("analysis_settings.refused.cuts", n=int(values["grid"]) - 1))

    def _points(self, step: setting_list.Step, told: Mapping[str, Any]) -> dict[str, Any] | None:
        name, typed = POINTS + step.fact, told.get(POINTS + step.fact) or ""
        if not typed:
            return None
        try:
            points = _numbers(typed)
            if len(points) != len(step.points):
                raise ValueError
            from_values({"card_points": [{"fact": step.fact, "points": points}]})
        except ValueError:  # a SchemaError is one
            self.add_error(name, words.say("analysis_settings.refused.points", n=len(step.points)))
            return None
        return None if points == list(step.points) else {"fact": step.fact, "points": points}


def _field(setting: Setting) -> forms.Field:
    percent = ", %" if setting.kind == SHARE else ""
    label = words.say(f"analysis_settings.setting.{setting.name}") + percent
    usual = words.say("analysis_settings.usual", value=said(setting, getattr(Config(), setting.name)))
    hint = f"{words.say(f'analysis_settings.setting.{setting.name}_hint')} {usual}"
    more: dict[str, Any] = {"label": label, "help_text": hint, "required": setting.kind not in (NUMBERS, LINES, TEXT)}
    if setting.kind == CHOICE:
        return forms.ChoiceField(choices=[(one, _choice(setting.name, one)) for one in setting.choices], **more)
    if setting.kind == LINES:
        area = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        return forms.CharField(max_length=LONGEST_LINES, widget=area, **more)
    inputmode = {WHOLE: "numeric", TEXT: "text"}.get(setting.kind, "decimal")
    attrs = {"inputmode": inputmode, "autocomplete": "off"}
    return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs=attrs), **more)


def _of_points(step: setting_list.Step) -> forms.Field:
    cuts = ", ".join(_number_shown(cut) for cut in step.cuts)
    usual = words.say("analysis_settings.usual", value=_numbers_shown(step.points))
    hint = f"{words.say('analysis_settings.points_hint', cuts=cuts)} {usual}"
    return forms.CharField(
        label=words.current().name("fact", step.fact).capitalize(), help_text=hint, max_length=LONGEST
    )  # fmt: skip


def _choice(name: str, value: str) -> str:
    return words.say(f"analysis_settings.choice.{name}.{value}")


def said(setting: Setting, value: Any) -> str:
    """A value with its unit, in words."""
    if setting.kind == CHOICE:
        return _choice(setting.name, str(value))
    text = shown(setting, value).replace("\n", ", ")
    if not text:
        return words.say("analysis_settings.nothing")
    return f"{text}\u00a0{_unit(setting, value)}" if setting.unit else text


def _unit(setting: Setting, value: float) -> str:
    """The unit as it stands beside the number; beside a broken one as beside two."""
    return words.current().plural(f"analysis_settings.unit.{setting.unit}", int(value) if value == int(value) else 2)


def shown(setting: Setting, value: Any) -> str:
    """A value as it is typed."""
    match setting.kind:
        case "share":
            return _number_shown(round(value * 100, 6))
        case "numbers":
            return _numbers_shown(value)
        case "lines":
            return "\n".join(_line(setting.name, one) for one in value)
        case "number" | "whole":
            return _number_shown(value)
    return str(value)


def understood(setting: Setting, typed: str) -> Any:
    """What was typed, as the library takes it. Raises: ValueError."""
    match setting.kind:
        case "share":
            return round(_number(typed) / 100, 8)
        case "number":
            return _number(typed)
        case "whole":
            value = _number(typed)
            return int(value) if value == int(value) else value
        case "numbers":
            return _numbers(typed)
        case "lines":
            return [_row(setting.name, line) for line in typed.splitlines() if line.strip()]
    return typed.strip()


def _row(name: str, line: str) -> dict[str, Any]:
    cells = [cell.strip() for cell in line.split(";")]
    keys = KEYS[name]
    if len(cells) > len(keys):
        raise ValueError(line)
    row: dict[str, Any] = dict(zip(keys, cells, strict=False))
    for key in row.keys() & MANY:
        row[key] = row[key].split() if key == "cells" else _numbers(row[key])
    for key in row.keys() & NUMERIC:
        row[key] = _number(row[key])
    return row


def _line(name: str, row: Any) -> str:
    cells = [getattr(row, key) for key in KEYS[name]]
    texts = [" ".join(map(_text, cell)) if isinstance(cell, tuple) else _text(cell) for cell in cells]
    return "; ".join(texts).rstrip("; ")


def _text(cell: object) -> str:
    return _number_shown(cell) if isinstance(cell, int | float) else str(cell)


def _number(typed: str) -> float:
    plain = re.sub(r"[\s\u00a0\u202f%]", "", typed).replace(",", ".").replace("\u2212", "-")
    return float(plain)


def _numbers(typed: str) -> list[float]:
    """Numbers parted by blanks or semicolons; a comma is a decimal one."""
    return [_number(one) for one in re.split(r"[\s;]+", typed.strip()) if one]


def _number_shown(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if words.current().lang == "ru" else text


def _numbers_shown(values: Sequence[float]) -> str:
    return " ".join(map(_number_shown, values))


__all__ = ["NUMBER", "NUMBERS", "SHARE", "SettingsForm", "said", "shown", "understood"]
