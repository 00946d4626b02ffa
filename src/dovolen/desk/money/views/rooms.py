"""What pages of money share: the tabs between them, the centre one looks at, a table to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import sheets, words
from dovolen.desk.money import actions
from dovolen.desk.money.forms.ledger import ExportForm

LEDGER, SEE, PRICES, ENTITIES, STATEMENTS = (
    "see the ledger", "see money", "set prices", "set up money", "import statements",
)  # fmt: skip
ROOMS = (
    ("ledger", LEDGER), ("debts", LEDGER), ("invoices", LEDGER), ("statements", STATEMENTS), ("prices", PRICES),
    ("sellers", ENTITIES),
)  # fmt: skip
EVERYWHERE = 0


def tabs(person: Staff, current: str) -> list[dict[str, Any]]:
    """Pages of money that he may open."""
    return [
        {"name": name, "url": reverse(name), "is_current": name == current}
        for name, right in ROOMS
        if person.may(right)
    ]


def centre_asked(request: HttpRequest, right: str) -> tuple[Centre, list[Centre]]:
    """The centre that is asked for, his own where none is; and all those where he holds the right."""
    person: Any = request.user
    held = accounts.centres_managed_by(person, right)
    wanted = request.GET.get("centre") or request.POST.get("centre", "")
    if wanted:
        found = next((centre for centre in held if str(centre.pk) == wanted), None)
        if found is None:
            raise Http404
        return found, held
    return (person.centre if person.centre in held else held[0]), held


def handed_over(
    *, table: str, form: ExportForm, right: str, centre: Centre, n_clients: int, by: Staff,
    rows: Callable[[], Iterable[sheets.Row]], columns: Iterable[str],
) -> HttpResponseBase | None:  # fmt: skip
    """The table as a file, written down in the journal; none where the form has to be shown again."""
    if not form.is_valid():
        return None
    told, now = form.cleaned_data, timezone.now()
    try:
        actions.note_export(
            table=table, form=told["form"], right=right, centre=centre, n_clients=n_clients, reason=told["reason"],
            by=by, now=now,
        )  # fmt: skip
    except actions.ReasonNeeded as refusal:
        form.refuse(refusal, "reason")
        return None
    name = f"{words.say(f'ledger.file.{table}')} {centre.local(now):%Y-%m-%d}"
    return sheets.answer(told["form"], name, [words.say(f"ledger.column.{column}") for column in columns], rows())
