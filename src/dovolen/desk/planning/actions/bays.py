"""Bays: places where work is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.planning.models import Bay

RIGHT = "plan work"


class BayTaken(Refusal):
    """Another bay of the centre has this name."""

    key = "planning.refused.bay_taken"


@transaction.atomic
def add_bay(*, centre: Centre, name: str, by: Staff, now: datetime) -> Bay:
    """Add a bay after the others. Raises: NotAllowed, BayTaken. Leaves: `bay.added`."""
    require(by, RIGHT, centre)
    last = Bay.objects.filter(centre=centre).aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            bay = Bay.objects.create(centre=centre, name=name.strip(), position=(last or 0) + 1)
    except IntegrityError:
        raise BayTaken(name=name.strip()) from None
    journal.record("bay.added", subject=bay, by=by, at=now, centre=centre)
    return bay


@transaction.atomic
def change_bay(*, bay: Bay, by: Staff, now: datetime, **values: Any) -> None:
    """Rename a bay, move it in the list, switch it off or on; slots that it has stay.

    Raises: NotAllowed, BayTaken. Leaves: `bay.changed` with the fields.
    """
    require(by, RIGHT, bay.centre_id)
    changed = sorted(name for name, value in values.items() if getattr(bay, name) != value)
    if not changed:
        return
    try:
        with transaction.atomic():
            Bay.objects.filter(pk=bay.pk).update(**{name: values[name] for name in changed})
    except IntegrityError:
        raise BayTaken(name=values["name"]) from None
    for name in changed:
        setattr(bay, name, values[name])
    journal.record("bay.changed", subject=bay, by=by, at=now, centre=bay.centre, changed=changed)
