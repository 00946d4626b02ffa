"""Tables that leave the desk: of many clients only for a reason, and never unnoticed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import text

MANY_CLIENTS = 500
"""Beyond so many clients in a table its reason is asked."""
LONGEST_REASON = 300


class ReasonNeeded(Refusal):
    """A table of so many clients is given out for a reason."""

    key = "ledger.refused.reason_needed"


@transaction.atomic
def note_export(
    *, table: str, form: str, right: str, centre: Centre, n_clients: int, reason: str = "", by: Staff, now: datetime
) -> None:
    """Write down that a table leaves the desk, before it does. Of more clients than `MANY_CLIENTS` says why.

    Raises: NotAllowed, ReasonNeeded, TooLong. Leaves: `export.made` of the person, the reason apart.
    """
    require(by, right, centre)
    why = text(reason, LONGEST_REASON)
    if n_clients > MANY_CLIENTS and not why:
        raise ReasonNeeded(n=MANY_CLIENTS)
    journal.record(
        "export.made", subject=by, by=by, at=now, centre=centre, table=table, form=form, n_clients=n_clients,
        is_of_many=n_clients > MANY_CLIENTS, private={"reason": why} if why else None,
    )  # fmt: skip
