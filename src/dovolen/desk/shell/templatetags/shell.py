"""Furniture of pages: icons, fields, money, numbers with their nouns. Loaded into every template by the settings."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dovolen.desk.core import words
from dovolen.insight.words import SIGNS, tie

register = template.Library()

BARS = ((80, "good", 4), (50, "fair", 3), (30, "warn", 2), (0, "bad", 1))


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A drawing of the sprite; silent unless it stands without words, then `label` says it."""
    hidden = format_html(' role="img" aria-label="{}"', label) if label else ' aria-hidden="true"'
    return format_html(
        '<svg class="i {}"{}><use href="{}#{}"/></svg>', size, SafeString(hidden), static("desk/icons.svg"), name
    )


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, autocomplete: str = "", **attrs: Any) -> dict[str, Any]:
    """A field with label, hint and error, tied together for those who listen."""
    described = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    described += [f"{bound.id_for_label}-error"] if bound.errors else []
    kind = _kind(bound)
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    given["class"] = {"select": "form-select", "check": "", "checks": ""}.get(kind, "form-control")
    if described:
        given["aria-describedby"] = " ".join(described)
    if bound.errors:
        given["aria-invalid"] = "true"
    if autocomplete:
        given["autocomplete"] = autocomplete
    control = bound.as_widget(attrs=given)
    if bound.field.show_hidden_initial:
        control += bound.as_hidden(only_initial=True)
    return {"bound": bound, "control": control, "kind": kind, "label": bound.label}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "checks"
    return "select" if isinstance(widget, forms.Select) else "text"


@register.filter
def about(minor: int, currency: str = "RUB") -> str:
    """A sum that is reckoned, not counted: in whole roubles."""
    return words.current().money(minor, currency)


@register.filter
def money(minor: int, currency: str = "RUB") -> str:
    """Minor units as money: «24 740 ₽»."""
    return words.money(minor, currency)


@register.filter
def amount(minor: int, currency: str = "RUB") -> str:
    """Money without its sign, for columns that have it in their head: «24 740»."""
    from dovolen.insight.currencies import minor_units

    major = minor / minor_units(currency)
    return words.current().number(major, 0 if major == int(major) else 2)


@register.filter
def sign(currency: str) -> str:
    """The sign of a currency."""
    return SIGNS.get(currency, currency)


@register.filter
def quantity(value: Decimal) -> str:
    """How many or how much: «1», «1,5»."""
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    return words.current().number(float(value), digits)


@register.filter
def signed(value: float, digits: int = 0) -> str:
    """A number with its sign: «+12», «−148»."""
    return words.current().number(value, digits, sign=True)


@register.filter
def tied(text: object) -> str:
    """A text with no-break spaces where a line must not break."""
    return tie(str(text), words.current().lang)


BROWSERS = (("Edg", "Edge"), ("YaBrowser", "Яндекс Браузер"), ("OPR", "Opera"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


@register.filter
def browser(agent: str) -> str:
    """What a browser calls itself, shortly: «Firefox, Windows»."""
    program = next((name for sign, name in BROWSERS if f"{sign}/" in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return ", ".join(filter(None, [program, system])) or words.say("shell.unknown_browser")


@register.simple_tag
def sample_of(component: str, values: dict[str, Any], ground: str) -> SafeString:
    """A component with the values of its sample; words are given by key, as "@pages.sample.act"."""
    given = {name: _spoken(value) for name, value in values.items()}
    if component == "field":
        form = given["form"](given.get("data"), auto_id=f"{ground}-%s")
        return render_to_string("components/field.html", field(form[given["name"]]))
    if "name" in given:
        given["name"] = f"{ground}-{given['name']}"
    return render_to_string(f"components/{component}.html", given)


def _spoken(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        return words.say(value[1:])
    if isinstance(value, dict):
        return {name: _spoken(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_spoken(part) for part in value)
    return value


@register.simple_tag
def score_of(value: int | None) -> dict[str, Any]:
    """How a satisfaction of 0–99 is shown: colour, number of bars, word; None means too few data."""
    if value is None:
        return {"tone": "none", "bars": range(0), "empty": range(4), "word": words.say("shell.score.none")}
    tone, bars = next((tone, bars) for least, tone, bars in BARS if value >= least)
    return {"tone": tone, "bars": range(bars), "empty": range(4 - bars), "word": words.say(f"shell.score.{tone}")}
