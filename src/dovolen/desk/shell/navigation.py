"""Where one can go: the menu, the palette and the keys, each entry for those who hold its right."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from dovolen.desk.core.access import SIGNED_IN


@dataclass(frozen=True)
class Entry:
    """A page of the menu: its words are `shell.menu.<name>`; `key` opens it after G."""

    name: str
    route: str
    icon: str
    right: str = SIGNED_IN
    key: str = ""


@dataclass(frozen=True)
class Section:
    """Entries under one heading, `shell.section.<name>`; the first has none."""

    name: str
    entries: tuple[Entry, ...]


MENU = (
    Section(
        "work",
        (
            Entry("home", "home", "home", key="t"),
            Entry("intake", "intake", "clipboard-plus", "take in", key="n"),
            Entry("orders", "orders", "clipboard-list", "see orders", key="o"),
            Entry("customers", "customers", "users", "see customers", key="c"),
            Entry("inbox", "inbox", "message-2", "see messages", key="i"),
            Entry("messages", "messages", "send", "see messages", key="m"),
            Entry("cases", "cases", "flag", "see feedback", key="f"),
            Entry("tasks", "tasks", "checks", "see tasks", key="d"),
            Entry("calendar", "calendar", "calendar", "see orders", key="k"),
            Entry("papers", "papers", "printer", "see papers"),
            Entry("shift", "shift", "clock-hour-4", "keep the shift log"),
            Entry("cash", "cash", "cash-register", "keep cash", key="b"),
            Entry("money", "ledger", "receipt", "see the ledger", key="l"),
        ),
    ),
    Section(
        "knowledge",
        (
            Entry("base", "base", "database", "see the base", key="a"),
            Entry("satisfaction", "satisfaction", "mood-smile", "see the base", key="y"),
            Entry("risks", "risks", "alert-triangle", "see the base", key="r"),
            Entry("value", "value", "coin", "see the base", key="v"),
            Entry("slices", "slices", "layout-columns", "see the base"),
            Entry("sources", "sources", "map-pin", "see the base"),
            Entry("performers", "performers", "user-check", "see the base"),
            Entry("load", "load", "calendar-time", "see the base"),
            Entry("network", "network", "building-store", "see the base"),
        ),
    ),
    Section(
        "house",
        (
            Entry("staff", "staff", "users", "see staff", key="s"),
            Entry("centres", "centres", "building-store", "manage centres"),
            Entry("imports", "imports", "package-import", "import data"),
            Entry("settings", "settings", "settings", "set up orders"),
            Entry("analysis_settings", "analysis_settings", "adjustments", "set up analysis"),
            Entry("status", "status", "server", "run the house"),
            Entry("gallery", "gallery", "adjustments", "run the house"),
        ),
    ),
)
OWN = (
    Entry("profile", "profile", "user", key="p"),
    Entry("sessions", "sessions", "device-desktop"),
)
"""Behind one's own name."""


@dataclass(frozen=True)
class Link:
    """An entry as this person sees it on this page."""

    entry: Entry
    url: str
    is_current: bool


def menu_for(request: HttpRequest) -> list[tuple[Section, list[Link]]]:
    """Sections with the entries that he may open."""
    found = ((section, links_for(request, section.entries)) for section in MENU)
    return [(section, links) for section, links in found if links]


def links_for(request: HttpRequest, entries: tuple[Entry, ...] = OWN) -> list[Link]:
    """Those of the entries that he may open; the longest address that the page lies under is the current one."""
    open_to_him = [(entry, reverse(entry.route)) for entry in entries if _may_open(request, entry)]
    here = [url for _, url in open_to_him if _lies_under(request.path, url)]
    current = max(here, key=len, default="")
    return [Link(entry, url, url == current) for entry, url in open_to_him]


def _may_open(request: HttpRequest, entry: Entry) -> bool:
    return entry.right == SIGNED_IN or request.user.may(entry.right)  # type: ignore[union-attr]


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
