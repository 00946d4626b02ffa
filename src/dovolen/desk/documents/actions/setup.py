"""How the papers of a centre look is set up."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.db import transaction
from PIL import Image

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import files, journal
from dovolen.desk.core.changes import change
from dovolen.desk.core.values import text
from dovolen.desk.documents.models import PaperSetup
from dovolen.desk.orders.pictures import JPEG, drawn

LONGEST_TERMS = 5000
LONGEST_FOOTER = 200
LARGEST_LOGO = (900, 360)
"""Pixels: sharp at the size at which it is printed."""


def logo_of(upload: bytes) -> bytes:
    """A logo drawn anew from what was handed in, small enough for every paper. Raises: NotAPicture, PictureTooLarge."""
    with Image.open(io.BytesIO(drawn(upload).full)) as picture:
        picture.thumbnail(LARGEST_LOGO, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=92)
    return out.getvalue()


@transaction.atomic
def set_up_papers(
    *, centre: Centre, seen: int, receipt_terms: str, warranty_terms: str, footer: str, logo: bytes | None = None,
    by: Staff, now: datetime,
) -> PaperSetup:  # fmt: skip
    """Set the logo and the own words of a centre's papers; those drawn up before stay as they are.

    `logo` is a picture as `logo_of` gives it; an empty one takes it away, without one it stays.
    Raises: NotAllowed, TooLong, Stale, NoRoom. Leaves: `papers.set_up` when anything changed.
    """
    require(by, "set up papers", centre)
    row, _ = PaperSetup.objects.get_or_create(centre=centre)
    values: dict[str, Any] = {
        "receipt_terms": text(receipt_terms, LONGEST_TERMS), "warranty_terms": text(warranty_terms, LONGEST_TERMS),
        "footer": text(footer, LONGEST_FOOTER),
    }  # fmt: skip
    if logo is not None:
        kept = files.keep([logo], name="logo.jpg", media_type=JPEG, by=by, at=now) if logo else None
        values["logo_id"] = kept.pk if kept else None
    changed = change(row, seen=seen, **values)
    if changed:
        journal.record("papers.set_up", subject=row, by=by, at=now, centre=centre, changed=changed)
    return row
