"""Centres side by side: what each one's latest snapshot says, what is usual among all of them, whom they share.

A reader sees figures of the centres where he holds the right, and no other centre's. What is usual is a median over all
of them; it is told only where it gives no single one away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.db import connection

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import ClientResult, Snapshot, StudyFigure
from dovolen.desk.analysis.queries.scopes import scopes

MEDIAN_OF = 3
"""Centres that a median is of at least, where the reader sees them all anyway."""
UNSEEN = 3
"""Centres behind a median that he does not see, at least: else he could subtract what he knows."""


@dataclass(frozen=True)
class Side:
    """A centre that the reader sees, its latest snapshot and figures; without a snapshot there are none."""

    key: str
    name: str
    snapshot: Snapshot | None
    figures: Mapping[str, StudyFigure]


@dataclass(frozen=True)
class Pair:
    """Clients whom two centres have both served."""

    one: Side
    other: Side
    clients: int
    of_one: int
    of_other: int

    @property
    def share_of_one(self) -> float:
        """Of the clients whom the first has served."""
        return self.clients / self.of_one

    @property
    def share_of_other(self) -> float:
        """Of the clients whom the second has served."""
        return self.clients / self.of_other


@dataclass(frozen=True)
class Network:
    """Everything the page shows."""

    sides: list[Side]
    usual: Mapping[str, float]
    """Figure → median of the centres, where it may be told."""
    n_centres: int
    """With a snapshot, those of others among them."""


def network(staff: Staff, keys: Sequence[str]) -> Network:
    """Centres of a reader beside each other and beside what is usual. Three queries, however many centres there are."""
    mine = [scope for scope in scopes(staff) if scope.centre is not None]
    latest = _latest()
    figures: dict[int, dict[str, StudyFigure]] = defaultdict(dict)
    for row in StudyFigure.objects.filter(snapshot__in=latest.values(), key__in=keys).order_by("pk"):
        figures[row.snapshot_id][row.key] = row
    sides = []
    for scope in mine:
        snapshot = latest.get(scope.centre.pk if scope.centre else None)
        sides.append(Side(scope.key, scope.name, snapshot, figures[snapshot.pk] if snapshot else {}))
    seen = {side.snapshot.pk for side in sides if side.snapshot}
    usual = {key: value for key in keys if (value := _usual(key, latest.values(), figures, seen)) is not None}
    return Network(sides, usual, len(latest))


def _latest() -> dict[int | None, Snapshot]:
    """The latest published snapshot of each centre."""
    rows = Snapshot.objects.published().filter(centre__isnull=False).defer("population")
    return {row.centre_id: row for row in rows.order_by("day", "pk")}


def _usual(
    key: str, snapshots: Iterable[Snapshot], figures: Mapping[int, Mapping[str, StudyFigure]], seen: set[int]
) -> float | None:
    told = {
        one: figure.value
        for one in snapshots
        if (figure := figures.get(one.pk, {}).get(key)) is not None and isinstance(figure.value, int | float)
    }
    unseen = sum(1 for one in told if one.pk not in seen)
    if len(told) < MEDIAN_OF or 0 < unseen < UNSEEN:
        return None
    is_money = any(figures[one.pk][key].unit == "money" for one in told)
    if is_money and len({one.meta.get("currency") for one in told}) > 1:
        return None
    return float(median(told.values()))


def shared(sides: Sequence[Side]) -> list[Pair]:
    """Clients served at two centres of the reader, the closest pair first. Two queries."""
    told = {side.snapshot.pk: side for side in sides if side.snapshot and side.snapshot.has_rows}
    if len(told) < 2:
        return []
    table, places = ClientResult._meta.db_table, ", ".join(["%s"] * len(told))
    mine = f"snapshot_id IN ({places}) AND n_orders > 0"
    served = f"SELECT snapshot_id, COUNT(*) FROM {table} WHERE {mine} GROUP BY 1"
    both = (
        f"SELECT a.snapshot_id, b.snapshot_id, COUNT(*) FROM {table} a JOIN {table} b"
        f" ON b.customer_id = a.customer_id AND b.snapshot_id > a.snapshot_id AND b.snapshot_id IN ({places})"
        f" WHERE a.snapshot_id IN ({places}) AND a.n_orders > 0 AND b.n_orders > 0 GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(served, [*told])
        size = dict(cursor.fetchall())
        cursor.execute(both, [*told, *told])
        pairs = [Pair(told[one], told[other], n, size[one], size[other]) for one, other, n in cursor.fetchall()]
    return sorted(pairs, key=lambda pair: (-pair.clients, pair.one.name, pair.other.name))
