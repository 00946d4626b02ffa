"""Pages of what a snapshot says: which one is shown, to whom, in which words – and what stands there without one.

    @may(RIGHT)
    @require_safe
    def value(request):
        return page(request, "analysis/value.html", "value", keys=(("value.abc", 12), …), figures=("risk.money", …))

`keys` are sheets with their width of twelve columns: each is a panel, or says why there is none. `fill(shown)` gives
whatever else the template needs; it is asked only where there is a snapshot. The library is brought when a page is
asked for, not when the server starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import drill, kept_back, queries
from dovolen.desk.analysis.drill import Card
from dovolen.desk.analysis.models import DONE, FAILED, PREVIEW, RIGHT, RUNNING, WANTED, Snapshot
from dovolen.desk.core import access, words
from dovolen.desk.core.answers import respond
from dovolen.desk.orders.models import RepairOrder

if TYPE_CHECKING:
    from dovolen.insight.cells import Printer
    from dovolen.insight.opening import Tile
    from dovolen.insight.results import Sheet, Studied

READY, MAKING, NONE, BROKEN, EMPTY = "ready", "making", "none", "failed", "empty"
COSTS = "see costs"
OF_COSTS = ("profit",)
ALSO: dict[str, tuple[str, ...]] = {
    "orders.promise_kept": ("promise.kept",), "value.acquisition": ("acquisition_cost",),
    "value.acquisition_cost": ("acquisition_cost",), "value.referrals": ("client_referrals",),
    "value.growth": ("owned_assets",), "value.assets_unserved": ("owned_assets",), "value.pairs": ("bought_together",),
    "value.campaign": ("campaign_profit",), "feedback.csi_managers": ("feedback_by_manager",),
    "forecast.norm_hours": ("forecast_hours",), "queue.technicians": ("queue", "queue_technicians"),
    "queue.warranties": ("queue_warranties",), "satisfaction.distribution": ("satisfaction.delay",),
    "satisfaction.facts": ("satisfaction.delay",), "satisfaction.by_class": ("satisfaction.clients",),
    **{f"value.{name}": OF_COSTS for name in (
        "repair", "class", "customer_kind", "category", "technician", "margin", "profitability", "keys", "key_names",
        "cohorts", "cohort_months",
    )},
}  # fmt: skip
"""Under which other names the study tells that something cannot be computed."""
OF_MONEY = ("rfm.", "picture27", "frequency.", "months.")
Keys = Iterable[tuple[str, int]]


@dataclass(frozen=True)
class Lack:
    """A panel that cannot be drawn: why, and what to do about it. `why`: few, impossible, closed."""

    key: str
    title: str
    why: str
    text: str
    wide: int


@dataclass
class Shown:
    """What a page shows, and for whom."""

    request: HttpRequest
    scopes: list[Any]
    scope: Any
    snapshot: Snapshot | None
    latest: Snapshot | None
    """The last one that was asked for in this scope, whatever became of it."""

    @property
    def person(self) -> Staff:
        """Who reads."""
        return access.person(self.request)  # type: ignore[no-any-return]

    @property
    def state(self) -> str:
        """ready, or why there is nothing: making, failed, none, empty (no order in the base yet)."""
        if self.snapshot is not None:
            return READY
        if self.latest is not None and self.latest.state in (WANTED, RUNNING):
            return MAKING
        if self.latest is not None and self.latest.state == FAILED:
            return BROKEN
        return NONE if RepairOrder.objects.exists() else EMPTY

    @property
    def newer(self) -> Snapshot | None:
        """A later snapshot that is being made, or failed, while this one is shown."""
        if self.latest is None or self.snapshot is None or self.latest.pk <= self.snapshot.pk:
            return None
        return self.latest if self.latest.state != DONE else None

    @property
    def why_failed(self) -> str:
        """Why the last snapshot was not made, in words."""
        refusal = self.latest.refusal if self.latest is not None else {}
        return words.say(refusal.get("key") or "study.none.failed_text", **refusal.get("values", {}))

    @property
    def imports_url(self) -> str:
        """Where a base is brought in from elsewhere, for those who may."""
        try:
            return reverse("imports") if self.person.may("import data") else ""
        except NoReverseMatch:
            return ""

    @cached_property
    def study(self) -> Studied:
        """The snapshot as the library's reports read a study."""
        from dovolen.desk.analysis.studied import studied

        assert self.snapshot is not None
        return studied(self.snapshot)

    @cached_property
    def printer(self) -> Printer:
        """Prints its values in the language of the reader."""
        from dovolen.insight.cells import Printer

        return Printer(words.current(), self.study.meta)

    @cached_property
    def sees_costs(self) -> bool:
        """Whether the reader may know what repairs cost, wherever the snapshot looks."""
        if self.scope is None:
            return False
        if self.scope.centre is not None:
            return self.person.may(COSTS, self.scope.centre)
        return self.person.centre_ids(RIGHT) <= self.person.centre_ids(COSTS)

    @property
    def query(self) -> str:
        """What addresses carry on: «scope=3», or nothing in the widest; the day where an earlier one is shown."""
        return drill.address(scope=self.scope_key, day=self.day)

    @property
    def day(self) -> str:
        """The day that the address names; empty where the latest snapshot is shown."""
        return self.snapshot.day.isoformat() if self.snapshot is not None and self.request.GET.get("day") else ""

    @property
    def scope_key(self) -> str:
        """The scope as addresses name it; empty for the widest that he may see."""
        return self.scope.key if self.scope is not None and self.scope is not self.scopes[0] else ""

    def panels(self, keys: Keys) -> list[Card | Lack]:
        """A panel for each sheet, or why there is none."""
        return [self.card(self.open_study, key, wide) or self._lack(key, wide) for key, wide in keys]

    def card(self, study: Studied, key: str, wide: int = 12, **also: Any) -> Card | None:
        """A panel of any study, in this reader's words and scope; `also`: what else addresses of names carry."""
        from dovolen.insight.panels import planned

        found = planned(study, key, wide, self.printer)
        return drill.linked(found, self.printer, self.scope_key, **{"day": self.day, **also}) if found else None

    def panel(self, key: str, wide: int = 12) -> Card | Lack:
        """One panel."""
        return self.panels([(key, wide)])[0]

    def tiles(self, keys: Sequence[str]) -> list[drill.KeyFigure]:
        """Key figures in this order; one that cannot be computed here says which column is missing."""
        from dovolen.insight.opening import tile

        made = []
        for key in keys:
            figure = self.open_study.figures.get(key)
            made.append(tile(figure, self.printer) if figure is not None else self._lacking_tile(key))
        return [drill.figure(one, self.printer, self.scope_key, day=self.day) for one in made if one is not None]

    def _lacking_tile(self, key: str) -> Tile | None:
        from dovolen.insight.opening import Tile

        lacking, say = self.missing_for(key), words.current()
        if not lacking:
            return None
        text = say.say("study.lack.impossible", columns=", ".join(lacking))
        under = say.say("study.lack.missing", columns=", ".join(lacking))
        return Tile(key, say.name("figure", key), say.say("study.lack.title.impossible"), under, text, few=True)

    def sheet(self, key: str) -> Sheet | None:
        """A sheet of the study without the columns that are not for the reader."""
        return self.open_study.sheets.get(key)

    @cached_property
    def open_study(self) -> Studied:
        """The study as this reader may see it."""
        return self.study if self.sees_costs else kept_back.Open(self.study)

    def _lack(self, key: str, wide: int) -> Lack:
        say = words.current()
        title = say.name("sheet", key)
        if not self.sees_costs and kept_back.is_about_costs(key):
            return Lack(key, title, "closed", say.say("study.lack.closed"), wide)
        lacking = self.missing_for(key)
        if lacking:
            return Lack(key, title, "impossible", say.say("study.lack.impossible", columns=", ".join(lacking)), wide)
        return Lack(key, title, "few", say.say("study.lack.few"), wide)

    def missing_for(self, key: str) -> list[str]:
        """Columns the source lacks for a sheet, as people call them."""
        from dovolen.insight.opening import missing

        names = {key, key.partition(".")[0], *ALSO.get(key, ()), *(("money",) if key.startswith(OF_MONEY) else ())}
        found = [column for what, column in self.study.impossible if what in names]
        return list(dict.fromkeys(missing(column, self.printer) for column in found))


def shown(request: HttpRequest) -> Shown:
    """The scope that was asked for, else the widest; its latest snapshot, or that of the day that was asked for."""
    person = access.person(request)
    scopes = queries.scopes(person)
    asked = request.GET.get("scope", "")
    scope = next((one for one in scopes if one.key == asked), scopes[0] if scopes else None)
    if scope is None:
        return Shown(request, scopes, None, None, None)
    asked_for = Snapshot.objects.filter(centre=scope.centre).exclude(cause=PREVIEW).defer("population")
    return Shown(request, scopes, scope, _snapshot(request, person, scope), asked_for.order_by("-pk").first())


def _snapshot(request: HttpRequest, person: Staff, scope: Any) -> Snapshot | None:
    day = _day(request.GET.get("day", ""))
    if day is None:
        return queries.latest(scope.centre)
    kept = Snapshot.objects.visible_to(person).filter(centre=scope.centre, day=day).defer("population")
    found = kept.order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def page(
    request: HttpRequest, template: str, chapter: str, *, keys: Keys = (), figures: Sequence[str] = (),
    fill: Callable[[Shown], dict[str, Any]] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page of a chapter (`study.chapter.<chapter>`), or what stands there while there is no snapshot."""
    seen = shown(request)
    context: dict[str, Any] = {"shown": seen, "chapter": chapter, **more}
    if seen.state == READY:
        context |= {"panels": seen.panels(keys), "tiles": seen.tiles(figures)}
        context |= fill(seen) if fill else {}
    return respond(request, template, context)


__all__ = ["COSTS", "RIGHT", "Lack", "Shown", "page", "shown"]
