"""Files are brought, bases are connected; what was brought before."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import StoredFile
from dovolen.desk.core.once import once
from dovolen.desk.ingest import actions, listing
from dovolen.desk.ingest.forms import ConnectForm, UploadForm
from dovolen.desk.ingest.models import RIGHT
from dovolen.desk.ingest.views import shown


@may(RIGHT)
def imports(request: HttpRequest) -> HttpResponse:
    """What was brought, and files that are brought now: they are written to the disk before anybody would wait."""
    person = access.person(request)
    form = UploadForm(request.POST or None, request.FILES or None, centres=_centres(person))
    if request.method == "POST" and form.is_valid():
        brought = [(file.name, file.chunks()) for file in form.cleaned_data["file"]]
        try:
            kept = actions.keep(brought, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal, "file")
        else:
            return _brought(request, form.chosen_centre, kept)
    page = listing.page(person, request.GET.get("before", ""))
    listed = [(one, *shown.CHIPS[one.state]) for one in page.imports]
    return respond(request, "ingest/imports.html", {"form": form, "listed": listed, "later": page.later})


@once
def _brought(request: HttpRequest, centre: Centre, kept: list[StoredFile]) -> HttpResponse:
    made = actions.bring(centre=centre, kept=kept, by=access.person(request), now=timezone.now())
    return redirect("import", made.pk)


@may(RIGHT)
@once
def connection(request: HttpRequest) -> HttpResponse:
    """A base of another program, read by its address."""
    person = access.person(request)
    form = ConnectForm(request.POST or None, centres=_centres(person))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.connect(
                centre=form.chosen_centre, address=form.cleaned_data["address"], by=person, now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal, "address")
        else:
            return redirect("import", made.pk)
    return respond(request, "ingest/connection.html", {"form": form})


def _centres(person: Staff) -> QuerySet[Centre]:
    return Centre.objects.filter(pk__in=person.centre_ids(RIGHT))
