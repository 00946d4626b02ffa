"""Two people, one row: who saves from an old page sees what changed meanwhile and keeps his text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F

from dovolen.desk.core.errors import Refusal


@dataclass(frozen=True)
class Difference:
    """A field that stands otherwise in the base than in the form of the one who came late."""

    field: str
    theirs: Any
    mine: Any


class Stale(Refusal):
    """The row changed since the page was opened; nothing was written."""

    key = "core.refused.stale"

    def __init__(self, version: int, differences: list[Difference]) -> None:
        self.version = version
        """What the row is now: a form that carries it may be sent again."""
        self.differences = differences
        super().__init__()


def change(row: Any, *, seen: int, **values: Any) -> list[str]:
    """Write values into a row whose `version` is still the one that the page showed; gives the fields that changed.

    The conditional update is the lock: of several from one page one wins. Nothing to change is no loss.
    Raises: Stale with the difference. Gives the row its new values and version.
    """
    model: type[models.Model] = type(row)
    kept = model._default_manager.values("version", *values).get(pk=row.pk)
    changed = sorted(difference.field for difference in differences(kept, values))
    if not changed:
        return []
    written = model._default_manager.filter(pk=row.pk, version=seen).update(
        version=F("version") + 1, **{name: values[name] for name in changed}
    )
    if not written:
        kept = model._default_manager.values("version", *values).get(pk=row.pk)
        raise Stale(
            kept["version"],
            [
                Difference(name, kept[name], _plain(value))
                for name, value in values.items()
                if kept[name] != _plain(value)
            ],
        )
    for name in changed:
        setattr(row, name, values[name])
    row.version = seen + 1
    return changed


def differences(kept: Mapping[str, Any], values: Mapping[str, Any]) -> list[Difference]:
    """Where a row and the values that somebody wants to write are not one."""
    wanted = {name: _plain(value) for name, value in values.items()}
    return [Difference(name, kept[name], value) for name, value in wanted.items() if kept[name] != value]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
