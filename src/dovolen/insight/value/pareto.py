"""ABC and the Pareto curve: how unevenly clients bring revenue and margin, persons and companies apart."""

from __future__ import annotations

from itertools import groupby

from dovolen.insight.results import Sheet, sheet
from dovolen.insight.rooms import Base

MEASURES = ("revenue", "margin")
POINTS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100)
"""Hundredths of the clients at which the curve is told."""


def abc(base: Base) -> Sheet | None:
    """Clients and money of the letters A, B and C."""
    rows = base.views.rows(
        "SELECT kind, measure, abc, COUNT(*) AS clients, CAST(SUM(amount) AS BIGINT) AS amount, "
        "MIN(n_clients) AS n_clients, MIN(total) AS total FROM value_abc GROUP BY kind, measure, abc"
    )
    enough = [row for row in rows if row[5] >= base.config.minimum]
    enough.sort(key=lambda row: (row[0] != "person", row[0], MEASURES.index(row[1]), row[2]))
    made = [
        (kind, measure, letter, clients, clients / n, amount, amount / total if total else None)
        for kind, measure, letter, clients, amount, n, total in enough
    ]
    columns = (
        ("kind", "word"),
        ("measure", "word"),
        ("abc", "text"),
        ("clients", "clients"),
        ("client_share", "share"),
        ("amount", "money"),
        ("amount_share", "share"),
    )
    n = sum(row[3] for row in made if row[1] == "revenue")
    return sheet("value.abc", columns, made, n=n)


def curve(base: Base) -> Sheet | None:
    """What the best so-many per cent of the clients bring, as a share of what all bring."""
    found = base.views.rows("SELECT kind, measure, hundredth, n_clients, amount FROM value_curve")
    found.sort(key=lambda row: (row[0] != "person", row[0], MEASURES.index(row[1]), row[2]))
    rows, n = [], 0
    for (kind, measure), points in groupby(found, key=lambda row: row[:2]):
        steps = list(points)
        clients, total = sum(row[3] for row in steps), sum(row[4] for row in steps)
        if clients < base.config.minimum or total <= 0:
            continue
        n += clients if measure == "revenue" else 0
        upto = {point: [row for row in steps if row[2] <= point] for point in POINTS}
        told = {sum(row[3] for row in part): sum(row[4] for row in part) for part in upto.values() if part}
        rows += [(kind, measure, some / clients, some, amount / total) for some, amount in told.items()]
    columns = (
        ("kind", "word"),
        ("measure", "word"),
        ("client_share", "share"),
        ("clients", "clients"),
        ("amount_share", "share"),
    )
    return sheet("value.curve", columns, rows, n=n)
