"""How a file is read: header by header on rows of its own, or as a text."""

from __future__ import annotations

import tomllib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.ingest import actions, columns
from dovolen.desk.ingest.columns import NotSo
from dovolen.desk.ingest.forms import MappingForm, TextForm
from dovolen.desk.ingest.models import RIGHT, Import
from dovolen.desk.ingest.views import shown
from dovolen.desk.ingest.work import folder
from dovolen.insight import mapping as mappings
from dovolen.insight.schema import SchemaError


@may(RIGHT)
def mapping(request: HttpRequest, key: int) -> HttpResponse:
    """What each column means; sent, the whole file is checked and nothing is written."""
    source = shown.found(request, key)
    if not source.mapping or source.progress or shown.told(source)["is_at_work"]:
        return redirect("import", source.pk)
    try:
        held = mappings.from_toml(source.mapping)
    except (SchemaError, tomllib.TOMLDecodeError):
        return redirect("import_mapping_text", source.pk)
    person, sheets = access.person(request), columns.sheets_of(folder.sample(source))
    if not sheets or held.layout:
        return redirect("import_mapping_text", source.pk)
    form = MappingForm(
        request.POST or None, source=source, mapping=held, sheets=sheets, may_add=person.may("manage centres"),
        centres=list(Centre.objects.filter(pk__in=person.centre_ids(RIGHT)).order_by("name", "pk")),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _chosen(request, source, form):
        return redirect("import", source.pk)
    return respond(request, "ingest/mapping.html", shown.told(source, form=form, system=source.system))


def _chosen(request: HttpRequest, source: Import, form: MappingForm) -> bool:
    """Whether it was kept and is checked now; what is wrong stands in the form."""
    try:
        text = mappings.to_toml(form.changed_mapping())
        _go_on(request, source, text, form.cleaned_data["version"], form.choices())
    except NotSo as wrong:
        table = words.current().name("import.table", wrong.values.get("table", ""))
        form.add_error(None, words.say(wrong.key, **{**wrong.values, "table": table}))
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        return True
    return False


def _go_on(request: HttpRequest, source: Import, text: str, seen: int, choices: dict[str, object]) -> None:
    by, now = access.person(request), timezone.now()
    actions.choose(source=source, seen=seen, mapping=text, choices=choices, by=by, now=now)
    actions.ask_check(source=source, by=by, now=now)


@may(RIGHT)
def mapping_text(request: HttpRequest, key: int) -> HttpResponse:
    """The same as a text, for what the page cannot say."""
    source = shown.found(request, key)
    if not source.mapping or source.progress or shown.told(source)["is_at_work"]:
        return redirect("import", source.pk)
    form = TextForm(request.POST or None, initial={"version": source.version, "text": source.mapping})
    if request.method == "POST" and form.is_valid():
        try:
            _go_on(request, source, form.cleaned_data["text"], form.cleaned_data["version"], {})
        except Stale as stale:
            form.refuse(stale)
        except Refusal as refusal:
            form.refuse(refusal, "text")
        else:
            return redirect("import", source.pk)
    return respond(request, "ingest/mapping_text.html", shown.told(source, form=form))
