"""Conventions of the desk's pages that run: an access rule on every address, words, colours, gallery, weight."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.rights import RIGHTS, ROLES, WHOSE
from dovolen.desk.core.access import PUBLIC, SIGNED_IN
from dovolen.desk.pages.samples import SAMPLES
from dovolen.desk.shell.navigation import MENU, OWN
from dovolen.insight.words import LANGUAGES
from tests.house.test_tokens import contrast

DESK = Path(__file__).resolve().parents[2] / "src" / "dovolen" / "desk"
TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
WORDS = sorted((DESK / "words").glob("*.toml"))
BUDGET = 180 * 1024
PAGE_FILES = ("tabler.css", "tokens.css", "shell.css", "theme.js", "htmx.js", "desk.js", "passkeys.js")


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            yield from routes(part, before + str(part.pattern))
        else:
            yield before + str(part.pattern), part


def named(path: Path) -> str:
    return path.relative_to(DESK).as_posix()


@pytest.mark.parametrize(("pattern", "route"), [pytest.param(*pair, id=pair[0] or "home") for pair in routes()])
def test_every_address_has_a_rule_and_a_name(pattern: str, route: URLPattern) -> None:
    rule = getattr(route.callback, "access", None)

    assert rule in {PUBLIC, SIGNED_IN, *WHOSE}, f"/{pattern} has no rule that rights.py knows: {rule}"
    assert route.name


def test_every_right_belongs_to_somebody_and_the_director_sees_all() -> None:
    assert all(set(roles) <= set(ROLES) and roles for roles in WHOSE.values())
    assert RIGHTS["director"] == set(WHOSE)


@pytest.mark.parametrize("path", [path for path in WORDS if path.stem.endswith("_ru")], ids=named)
def test_words_are_complete_in_both_languages(path: Path) -> None:
    russian = tomllib.loads(path.read_text("utf-8"))
    english = tomllib.loads(path.with_name(path.name.replace("_ru", "_en")).read_text("utf-8"))

    assert set(russian) == set(english)
    for key, entry in russian.items():
        ours, theirs = (re.findall(r"\{\w+\}", str(text)) for text in (entry, english[key]))
        assert sorted(set(ours)) == sorted(set(theirs)), key
        if isinstance(entry, list) and not key.startswith("unit."):
            assert (len(entry), len(english[key])) == (3, 2), f"{key}: three forms in Russian, two in English"


@pytest.mark.parametrize("path", WORDS, ids=named)
def test_words_are_in_their_language(path: Path) -> None:
    names = re.compile(r"Русский")
    for key, entry in tomllib.loads(path.read_text("utf-8")).items():
        if path.stem.endswith("_en"):
            assert not re.search("[а-яё]", names.sub("", str(entry)), re.IGNORECASE), key


SAID = re.compile(r"""\{%\s*(?:say|count)\s+"([^"]+)\"""")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_says_only_words_that_exist(path: Path) -> None:
    from dovolen.desk.core.words import in_language

    text = path.read_text("utf-8")
    for lang in LANGUAGES:
        assert not [key for key in SAID.findall(text) if key not in in_language(lang)], lang
    get_template(path.relative_to(DESK / "templates").as_posix())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_holds_no_words_colours_styles_or_scripts_of_its_own(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)

    assert not re.findall(r"[А-Яа-яЁё]+", text)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^<]*</)", re.sub(r'(?:href|url)="[^"]*"', "", text))
    assert not re.findall(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", text)
    assert "|safe" not in text
    plain = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|<[^>]+>",
        " ",
        re.sub(r"<kbd[^>]*>.*?</kbd>|block width %}\w+", "", text),
        flags=re.DOTALL,
    )
    allowed = {"good", "fair", "warn", "bad", "mute", "brand", "surface", "sunken"}
    assert not set(re.findall(r"[A-Za-z]{3,}", plain)) - allowed


SHUT_IN = re.compile(r"""\{%\s*include\s+"([^"]+)"([^%]*?)\sonly\s*%\}""")


def test_a_form_that_is_included_with_only_is_given_the_mark_of_our_pages() -> None:
    """`only` keeps the token out too, and the form would be refused as coming from elsewhere."""
    signing = {
        named(path).removeprefix("templates/") for path in TEMPLATES if "{% csrf_token %}" in path.read_text("utf-8")
    }
    included = [(path, *found) for path in TEMPLATES for found in SHUT_IN.findall(path.read_text("utf-8"))]

    assert included
    forgotten = [
        f"{named(path)}: {name}" for path, name, given in included if name in signing and "csrf_token=" not in given
    ]
    assert not forgotten


def test_every_component_stands_in_the_gallery() -> None:
    there = {path.stem for path in (DESK / "templates" / "components").glob("*.html")}

    assert {sample.component for sample in SAMPLES} == there


@pytest.mark.parametrize("path", sorted((DESK / "templates" / "components").glob("*.html")), ids=named)
def test_a_component_says_what_it_needs(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{#")


def test_every_entry_of_the_menu_has_words_and_no_key_twice() -> None:
    from dovolen.desk.core.words import in_language

    entries = [entry for section in MENU for entry in section.entries] + list(OWN)
    keys = [entry.key for entry in entries if entry.key]

    assert len(keys) == len(set(keys))
    for lang in LANGUAGES:
        assert not [entry.name for entry in entries if f"shell.menu.{entry.name}" not in in_language(lang)]
        assert not [role for role in ROLES if f"accounts.role.{role}" not in in_language(lang)]


def themes() -> dict[str, dict[str, str]]:
    css = (DESK / "static" / "desk" / "tokens.css").read_text("utf-8")
    light, dark = re.findall(r"color-scheme: (?:light|dark);(.*?)\n\}", css, flags=re.DOTALL)[:2]
    read = [dict(re.findall(r"--dv-([\w-]+): (#[0-9a-f]{3,6})", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[0] | read[1]}


MEANINGS = ("good", "fair", "warn", "bad", "mute")
TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand") for ground in ("bg", "surface", "sunken", "hover")]
TEXT += [(meaning, f"{meaning}-soft") for meaning in MEANINGS]
TEXT += [("brand-strong", "brand-soft"), ("on-brand", "brand"), ("ink-2", "mute-soft"), ("paper-ink", "paper")]
MARKS = [(f"{meaning}-mark", "surface") for meaning in MEANINGS] + [("line-strong", "surface"), ("brand", "bg")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), [(*pair, 4.5) for pair in TEXT] + [(*pair, 3) for pair in MARKS])
def test_colours_stand_out(theme: str, ink: str, ground: str, least: float) -> None:
    tokens = themes()[theme]

    assert contrast(tokens[ink], tokens[ground]) >= least


def test_colours_are_written_in_the_tokens_alone() -> None:
    shell = (DESK / "static" / "desk" / "shell.css").read_text("utf-8")

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", shell)


def test_script_and_style_of_a_page_are_light() -> None:
    assets = DESK.parent / "assets" / "desk"
    if not assets.is_dir():
        pytest.skip("front-end files are not here: make setup")
    found = {path.name: path for folder in (DESK / "static" / "desk", assets) for path in folder.iterdir()}

    weight = sum(len(gzip.compress(found[name].read_bytes(), 9)) for name in PAGE_FILES)

    print(f"\nscript and style, compressed: {weight / 1024:.0f} KB of {BUDGET // 1024}")
    assert weight <= BUDGET
