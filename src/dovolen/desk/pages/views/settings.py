"""What can be set up: the first page of the settings."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.assets import queries as assets
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders import queries as orders


@dataclass(frozen=True)
class Topic:
    """Something that can be set up: `route` is its page, `about` the key of a line on it."""

    route: str
    title: str
    about: str
    icon: str
    count: str = ""


@may("set up orders")
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Topics in groups; first of all, what the house repairs."""
    person, speaker = access.person(request), words.current()
    categories = assets.categories()
    n_stages = len(orders.stages())
    groups = [
        ("trade", [
            Topic("categories", "setup.categories", "setup.categories_about", "tools",
                  speaker.count("setup.count.categories", len(categories)) if categories else ""),
            Topic("ready_sets", "setup.ready_sets", "setup.ready_sets_about", "packages"),
        ]),
        ("orders", [Topic("stages", "setup.stages", "setup.stages_about", "layout-kanban",
                          speaker.count("setup.count.stages", n_stages))]),
        ("clients", [
            Topic("notices", "notices.title", "notices.about", "message-2"),
            Topic("gateways", "gateways.title", "gateways.card", "send"),
        ]),
        ("money", [
            Topic("prices", "prices.title", "prices.about", "tag"),
            Topic("sellers", "sellers.title", "sellers.about", "building"),
        ]),
        ("house", [
            Topic("paper_setups", "papers.setup.title", "papers.setup.about", "printer"),
            Topic("centres", "accounts.centres.title", "setup.centres_about", "building-store",
                  speaker.number(len(accounts.centres_managed_by(person, "manage centres")))),
            Topic("staff", "accounts.staff.title", "setup.staff_about", "users"),
            *([Topic("analysis_settings", "analysis_settings.title", "analysis_settings.about", "adjustments")]
              if person.may("set up analysis") else []),
        ]),
    ]  # fmt: skip
    return respond(request, "pages/settings.html", {"groups": groups, "is_first": assets.is_nothing_repaired()})
