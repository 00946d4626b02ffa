"""Settings of the analysis: all in one place, tried before they are in force, kept as versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.analysis import queries, setting_list
from dovolen.desk.analysis.actions import settings as actions
from dovolen.desk.analysis.actions.snapshots import SET_UP
from dovolen.desk.analysis.forms_settings import SettingsForm, said
from dovolen.desk.analysis.models import FAILED, PREVIEW, ConfigVersion, Snapshot
from dovolen.desk.analysis.queries import previewed
from dovolen.desk.analysis.setting_list import POINTS
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.insight.config import Config, from_values
from dovolen.insight.schema import SchemaError

VERSIONS = 100
LISTED = 12
"""Moves, points and figures of a kind that a preview lists."""


@dataclass(frozen=True)
class Group:
    """Settings that belong together; `own` of them differ from the defaults."""

    key: str
    fields: list[BoundField]
    points: list[BoundField]
    own: int

    @property
    def is_wrong(self) -> bool:
        """Whether something typed here was refused."""
        return any(one.errors for one in (*self.fields, *self.points))


@may(SET_UP)
@once
def analysis_settings(request: HttpRequest) -> HttpResponse:
    """All settings; sent, they are in force from the next snapshots on."""
    latest = actions.in_force()
    form = _form(request, latest)
    if form.is_valid():
        data = form.cleaned_data
        if not (why := _change(request, form.made, data["seen"], data["note"])):
            return redirect("analysis_settings")
        form.add_error(None, why)
    return _page(request, form, latest)


@may(SET_UP)
@once
@require_POST
def settings_previews(request: HttpRequest) -> HttpResponse:
    """The settings typed, tried on the base."""
    latest = actions.in_force()
    form = _form(request, latest)
    if form.is_valid():
        person, now = access.person(request), timezone.now()
        try:
            asked = actions.preview(values=form.made, centre=_centre(request), by=person, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("settings_preview", key=asked.pk)
    return _page(request, form, latest)


@may(SET_UP)
@once
def settings_preview(request: HttpRequest, key: int) -> HttpResponse:
    """What the settings tried would change; sent, they are in force."""
    tried = get_object_or_404(_previews(request), pk=key)
    values, latest = actions.tried_by(tried), actions.in_force()
    if request.method == "POST":
        if not (why := _change(request, values, _whole(request.POST.get("seen")), request.POST.get("note", ""))):
            return redirect("analysis_settings")
        messages.warning(request, why)
        return redirect("settings_preview", key=key)
    shown = {"tried": tried, "seen": latest.pk if latest else 0, "changes": _changes(latest, values)}
    return respond(request, "analysis/settings_preview.html", shown | _compared(request, tried))


@may(SET_UP)
@require_safe
def settings_versions(request: HttpRequest) -> HttpResponse:
    """Versions, the latest first, each with what it changed."""
    rows = list(ConfigVersion.objects.select_related("by").order_by("-pk")[: VERSIONS + 1])
    earlier: list[ConfigVersion | None] = [*rows[1:], None]
    listed = [
        (one, _changes(before, one.values)) for one, before in list(zip(rows, earlier, strict=False))[:VERSIONS]
    ]  # fmt: skip
    return respond(request, "analysis/settings_versions.html", {"rows": listed, "seen": rows[0].pk if rows else 0})


@may(SET_UP)
@once
@require_POST
def settings_version(request: HttpRequest, key: int) -> HttpResponse:
    """An earlier version in force again; 0 stands for the defaults."""
    version = get_object_or_404(ConfigVersion, pk=key) if key else None
    person, now = access.person(request), timezone.now()
    try:
        actions.restore(
            version=version, seen=_whole(request.POST.get("seen")), note=_restored(version), by=person, now=now
        )
    except (Refusal, SchemaError) as refusal:
        messages.warning(request, _why(refusal))
    else:
        messages.success(request, words.say("analysis_settings.done.restored"))
    return redirect("settings_versions")


def _form(request: HttpRequest, latest: ConfigVersion | None) -> SettingsForm:
    data = request.POST if request.method == "POST" else None
    return SettingsForm(data, config=_config(latest), seen=latest.pk if latest else 0)


def _config(version: ConfigVersion | None) -> Config:
    return from_values(version.values) if version else Config()


def _page(request: HttpRequest, form: SettingsForm, latest: ConfigVersion | None) -> HttpResponse:
    shown = {"form": form, "groups": _groups(form, latest), "latest": latest, "centre": request.GET.get("scope", "")}
    return respond(request, "analysis/settings.html", shown)


def _groups(form: SettingsForm, latest: ConfigVersion | None) -> list[Group]:
    own = set(latest.values) if latest else set()
    points = [form[POINTS + step.fact] for step in setting_list.facts()]
    return [
        Group(
            key, [form[name] for name in names], points if key == "satisfaction" else [],
            len(own & {*names, *(["card_points"] if key == "satisfaction" else [])}),
        )
        for key, names in setting_list.GROUPS
    ]  # fmt: skip


def _change(request: HttpRequest, values: dict[str, Any], seen: int, note: str) -> str:
    """Put the settings in force; says why not, else nothing."""
    try:
        actions.change(values=values, seen=seen, note=note, by=access.person(request), now=timezone.now())
    except (Refusal, SchemaError) as refusal:
        return _why(refusal)
    messages.success(request, words.say("analysis_settings.done.saved"))
    return ""


def _why(refusal: Exception) -> str:
    return words.say(refusal.key, **refusal.values) if isinstance(refusal, SchemaError) else str(refusal)


def _restored(version: ConfigVersion | None) -> str:
    if version is None:
        return words.say("analysis_settings.restored_defaults")
    return words.say("analysis_settings.restored", moment=words.current().date(version.at.date()))


def _whole(typed: str | None) -> int:
    if typed is None or not typed.isdecimal():
        raise Http404
    return int(typed)


def _centre(request: HttpRequest) -> Any:
    """The scope he looks at; the house, where there is one."""
    scope = queries.scope_of(access.person(request), request.POST.get("scope", ""))
    return scope.centre if scope else None


def _previews(request: HttpRequest) -> Any:
    """Previews of his own."""
    return Snapshot.objects.filter(cause=PREVIEW, asked_by=access.person(request)).defer("population")


# What is shown of changes


def _changes(version: ConfigVersion | None, values: dict[str, Any]) -> list[dict[str, str]]:
    """Settings that differ from a version, as words: label, before, after."""
    before, after = _config(version), from_values(values)
    found = [
        {
            "label": words.say(f"analysis_settings.setting.{name}"),
            "before": said(setting, getattr(before, name)),
            "after": said(setting, getattr(after, name)),
        }
        for name, setting in setting_list.settings().items()
        if getattr(before, name) != getattr(after, name)
    ]
    if before.card_points != after.card_points:
        found.append({"label": words.say("analysis_settings.points"), "before": "", "after": _points_said(after)})
    return found


def _points_said(config: Config) -> str:
    speaker = words.current()
    told = [
        f"{speaker.name('fact', one.fact)}: {' '.join(speaker.number(point, sign=True) for point in one.points)}"
        for one in config.card_points
    ]
    return "; ".join(told) or words.say("analysis_settings.points_usual")


def _compared(request: HttpRequest, tried: Snapshot) -> dict[str, Any]:
    """Sentences and tables of a preview that is ready; else why there are none."""
    current = queries.latest(tried.centre)
    if not previewed.is_ready(tried) or current is None:
        state = "failed" if tried.state == FAILED else "none" if current is None else "making"
        state = "gone" if tried.state != FAILED and not tried.has_rows else state
        refusal = tried.refusal
        why = words.say(refusal["key"], **refusal.get("values", {})) if refusal.get("key") else ""
        return {"state": state, "why": why}
    speaker = words.current()
    moves = previewed.moves(current, tried)
    became: dict[tuple[str, Any], int] = {}
    for move in moves:
        became[move.column, move.after] = became.get((move.column, move.after), 0) + move.n
    sentences = [
        speaker.plural(f"analysis_settings.become.{column}", n).format(
            n=speaker.number(n), word=_word(column, after)
        )
        for (column, after), n in sorted(became.items(), key=lambda one: (previewed.MOVED.index(one[0][0]), -one[1]))
    ]  # fmt: skip
    rows = [
        (words.say(f"analysis_settings.column.{one.column}"), _word(one.column, one.before),
         _word(one.column, one.after), speaker.number(one.n))
        for column in previewed.MOVED for one in [one for one in moves if one.column == column][:LISTED]
    ]  # fmt: skip
    numbers = _numbers(current, tried)
    return {"state": "ready", "current": current, "sentences": sentences, "rows": rows, "numbers": numbers}


def _numbers(current: Snapshot, tried: Snapshot) -> list[tuple[str, str, str]]:
    """Points of risk and figures that would be others, printed."""
    from dovolen.insight.cells import Printer

    speaker = words.current()
    printer = Printer(speaker, current.meta)
    found = [
        (speaker.name("risk", one.key), one) for one in previewed.points(current, tried)[: 2 * LISTED]
    ] + [
        (speaker.say(f"figure.{one.key}"), one)
        for one in previewed.figures(current, tried)
        if f"figure.{one.key}" in speaker
    ][: 2 * LISTED]  # fmt: skip
    return [(label, printer.value(one.before, one.unit), printer.value(one.after, one.unit)) for label, one in found]


def _word(column: str, code: Any) -> str:
    speaker = words.current()
    if column == "is_eligible":
        return speaker.say("ui.yes" if code else "ui.no")
    if not code:
        return speaker.say("analysis_settings.nothing")
    return speaker.name({"state": "state", "client_class": "class"}.get(column, "segment"), code)
