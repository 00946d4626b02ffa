"""Settings of the analysis: changed with a reason, kept as versions, tried on the base before they are in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis import queries
from dovolen.desk.analysis.actions.snapshots import SET_UP, NoOrders, ask_everywhere, day_for
from dovolen.desk.analysis.models import ASKED, PREVIEW, WANTED, ConfigVersion, Snapshot
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.insight.config import differing, from_values

VALUES = "values"
"""Under which the meta of a snapshot that is no more than a preview holds the settings it tries."""


class NothingChanged(Refusal):
    """These are the settings in force."""

    key = "analysis_settings.refused.nothing_changed"


class ChangedMeanwhile(Refusal):
    """Somebody else changed them while the page was open."""

    key = "analysis_settings.refused.changed_meanwhile"


def in_force() -> ConfigVersion | None:
    """The latest version; None: the defaults."""
    return ConfigVersion.objects.select_related("by").order_by("-pk").first()


@transaction.atomic
def change(*, values: Mapping[str, Any], seen: int, note: str, by: Staff, now: datetime) -> ConfigVersion:
    """Put settings in force from the next snapshots on, which are asked for at once.

    `values`: what differs from the defaults; `seen`: the version that the page showed, 0 for the defaults.
    Raises: SchemaError naming a wrong setting; NotAllowed, ChangedMeanwhile, NothingChanged.
    Leaves: `analysis_settings.changed`.
    """
    require_all(by)
    latest = in_force()
    if (latest.pk if latest else 0) != seen:
        raise ChangedMeanwhile
    made, before = differing(from_values(values)), latest.values if latest else {}
    if made == before:
        raise NothingChanged
    version = ConfigVersion.objects.create(values=made, note=" ".join(note.split())[:200], at=now, by=by)
    journal.record(
        "analysis_settings.changed", subject=version, by=by, at=now, before=seen,
        settings=[name for name in sorted(made | before) if made.get(name) != before.get(name)],
    )  # fmt: skip
    ask_everywhere(cause=ASKED, by=None, now=now)
    return version


@transaction.atomic
def restore(*, version: ConfigVersion | None, seen: int, note: str, by: Staff, now: datetime) -> ConfigVersion:
    """Put an earlier version in force again, as a new one; None: the defaults. Raises, leaves: as `change`."""
    return change(values=version.values if version else {}, seen=seen, note=note, by=by, now=now)


@transaction.atomic
def preview(*, values: Mapping[str, Any], centre: Centre | None, by: Staff, now: datetime) -> Snapshot:
    """Let a snapshot be made by other settings, seen by nobody else, to be compared with the one in force.

    It tells of the same day as the latest snapshot.
    Raises: SchemaError naming a wrong setting; NotAllowed, NoOrders. Leaves: `snapshot.asked`.
    """
    require_all(by)
    made, latest = differing(from_values(values)), queries.latest(centre)
    day = latest.day if latest else day_for(centre, now=now)
    if day is None:
        raise NoOrders
    waiting = Snapshot.objects.filter(cause=PREVIEW, state=WANTED, asked_by=by, centre=centre, token=0)
    for one in waiting.order_by("pk"):
        if one.meta.get(VALUES) == made and one.day == day:
            return one
    asked = Snapshot.objects.create(
        centre=centre, day=day, cause=PREVIEW, asked_at=now, asked_by=by, meta={VALUES: made}
    )  # fmt: skip
    journal.record("snapshot.asked", subject=asked, by=by, at=now, centre=centre, day=day, cause=PREVIEW)
    return asked


def tried_by(snapshot: Snapshot) -> dict[str, Any]:
    """The settings that a preview tries: as asked for, or as it was made with."""
    if VALUES in snapshot.meta:
        return dict(snapshot.meta[VALUES])
    return differing(from_values(snapshot.meta.get("config", {})))


def require_all(by: Staff) -> None:
    """These settings hold at every centre, so the right has to as well. Raises: NotAllowed."""
    if not set(Centre.objects.values_list("pk", flat=True)) <= by.centre_ids(SET_UP):
        raise NotAllowed
