"""Which snapshots somebody may see: those of the whole house, those of his centres."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis.models import RIGHT, Snapshot, SnapshotQuerySet

HOUSE = "house"


@dataclass(frozen=True)
class Scope:
    """What a snapshot speaks of: one centre, or the whole house where there is none."""

    centre: Centre | None
    name: str
    """Of the centre; empty for the house."""

    @property
    def key(self) -> str:
        """How an address names it."""
        return str(self.centre.pk) if self.centre else HOUSE


def scopes(staff: Staff) -> list[Scope]:
    """What he may look at, the widest first. A house of one centre is looked at as a whole."""
    mine = staff.centre_ids(RIGHT)
    centres = list(Centre.objects.order_by("name", "pk"))
    whole = [Scope(None, "")] if mine and all(centre.pk in mine for centre in centres) else []
    if whole and len(centres) == 1:
        return whole
    return [*whole, *(Scope(centre, centre.name) for centre in centres if centre.pk in mine)]


def scope_of(staff: Staff, key: str = "") -> Scope | None:
    """The scope of that key where he may look at it, else the widest; None for who may look at nothing."""
    found = scopes(staff)
    return next((scope for scope in found if scope.key == key), found[0] if found else None)


def current(staff: Staff, key: str = "") -> Snapshot | None:
    """The latest published snapshot of a scope; None where he sees none or none is made yet."""
    scope = scope_of(staff, key)
    return None if scope is None else latest(scope.centre)


def latest(centre: Centre | None) -> Snapshot | None:
    """The latest published snapshot of a centre or of the house, whoever asks: for actions and reactions."""
    return _in_order(Snapshot.objects.published().filter(centre=centre)).first()


def history(snapshot: Snapshot) -> SnapshotQuerySet:
    """Earlier published ones of the same scope, the latest first."""
    same = Snapshot.objects.published().filter(centre=snapshot.centre_id)
    return _in_order(same.filter(Q(day__lt=snapshot.day) | Q(day=snapshot.day, pk__lt=snapshot.pk)))


def _in_order(rows: SnapshotQuerySet) -> SnapshotQuerySet:
    """Without what is large: a page of figures has no use for the parameters of the population."""
    return rows.defer("population").order_by("-day", "-pk")
