"""The sheet of rows that were not taken leaves the house."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.ingest.models import RIGHT, Import


@transaction.atomic
def take_rejected(*, source: Import, form: str, by: Staff, now: datetime) -> None:
    """Remember that somebody took it. Raises: NotAllowed. Leaves: `import.rejected_taken`."""
    require(by, RIGHT, source.centre_id)
    journal.record("import.rejected_taken", subject=source, by=by, at=now, centre=source.centre, form=form)
