"""The same client twice, as the study tells it: whom the machine would join, and which pairs a person should look at.

Nothing is merged: the base stays as the source gave it. Rules, points and measured precision: `identity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.words import MINUS

if TYPE_CHECKING:
    from dovolen.insight.identity.finding import Duplicates

COMPARED = ("kind", "name", "phones", "emails", "address", "place", "postcode", "tax_number")
TELLING = ("name", "phones", "emails", "tax_number")
"""Columns without any of which nobody can be recognised."""

SHOWN = ("phone", "phone_local", "email", "plate", "serial", "address", "number_same")
"""Facts that show what both clients share; the names stand beside them anyway."""

CLUSTERS = (
    ("same_as", "id"), ("customer_id", "id"), ("name", "text"), ("phones", "text"), ("score", "points"),
    ("reasons", "reasons"),
)  # fmt: skip
REVIEW = (
    ("customer_id", "id"), ("name", "text"), ("other_id", "id"), ("other_name", "text"), ("score", "points"),
    ("reasons", "reasons"),
)  # fmt: skip

Row = dict[str, Any]


class Twice:
    """Pairs and clusters of clients that are one: figures, two lists of names, duplicates.parquet, `same_as`."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._begun: Future[Duplicates] | None = None

    def begin(self, aside: Executor) -> None:
        """Clients are compared meanwhile."""
        if self._begun is None and self._asked and self._base.learnt("same_as") is None:
            self._begun = aside.submit(self._find, self._clients, self._assets())

    def figures(self) -> list[Figure]:
        """Clients met more than once, rows too many as a share of the base, pairs for a person to look at."""
        if not self._asked:
            return []
        clients = self._clients.num_rows
        clusters = len(set(self._cluster.values()))
        few = clients < self._base.config.minimum
        share = None if few else (len(self._cluster) - clusters) / clients
        made = partial(Figure, n=clients)
        return [
            made("twice.automatic", clusters, "clients", rule="rule.twice.automatic"),
            made("twice.share", share, "share", few=few, rule="rule.twice.share"),
            made("twice.review", len(self._review), "count", rule="rule.twice.review"),
        ]

    def sheets(self) -> list[Sheet | None]:
        """Whom the machine would join, one client after another; pairs that a person decides on, likeliest first."""
        if not self._asked:
            return []
        clients = self._clients.num_rows
        return [
            sheet("twice.clusters", CLUSTERS, self._joined(), n=clients),
            sheet("twice.review", REVIEW, [self._pair(pair) for pair in self._review], n=clients),
        ]

    def clients(self) -> pa.Table | None:
        """`same_as`: the smallest identifier of the client's cluster, null for who stands in the base once."""
        if not self._asked:
            return None
        known = self._base.learnt("same_as")
        if known is not None:
            return known
        clusters = self._found.clusters
        return pa.table({"customer_id": clusters["customer_id"], "same_as": clusters["cluster"]})

    def population(self) -> Mapping[str, pa.Table]:
        """Who is one with whom: it takes everybody to see that."""
        found = self.clients()
        return {} if found is None else {"same_as": found}

    def files(self) -> Mapping[str, Pieces]:
        """duplicates: id_a, id_b, score, decision, reasons (`fact=what both say (points)` by semicolons)."""
        return {"duplicates": self._pieces} if self._asked else {}

    def missing(self) -> list[tuple[str, str]]:
        """Names and telephones: the first tell who it may be, the second that it is he."""
        given = self._base.given("customers")
        lacks = [("twice", "customers.name")] if "name" not in given else []
        return lacks + ([("twice_automatic", "customers.phones")] if not {"phones", "emails"} & given else [])

    # What is found

    @cached_property
    def _asked(self) -> bool:
        return bool(self._base.given("customers").intersection(TELLING))

    @cached_property
    def _clients(self) -> pa.Table:
        names = [name for name in COMPARED if self._base.has(f"customers.{name}")]
        return self._base.views.fetch(f"SELECT {', '.join(('customer_id', *names))} FROM customers")

    @cached_property
    def _found(self) -> Duplicates:
        return self._find(self._clients, self._assets()) if self._begun is None else self._begun.result()

    def _find(self, clients: pa.Table, assets: pa.Table | None) -> Duplicates:
        from dovolen.insight.identity import finding  # not before a base has clients with names

        config = self._base.config
        thresholds = finding.Thresholds(automatic=config.same_automatic, review=config.same_review)
        return finding.find(clients, assets, thresholds=thresholds)

    def _assets(self) -> pa.Table | None:
        """Assets with a number of their own, of known clients."""
        named = [name for name in ("plate", "serial_number") if self._base.has(f"assets.{name}")]
        if not named or not self._base.has("assets.customer_id"):
            return None
        told = " OR ".join(f"{name} IS NOT NULL" for name in named)
        text = f"SELECT customer_id, {', '.join(named)} FROM assets WHERE customer_id IS NOT NULL AND ({told})"
        return self._base.views.fetch(text)

    @cached_property
    def _cluster(self) -> dict[Any, Any]:
        """The cluster of each client that has one."""
        columns = (self._found.clusters[name].to_pylist() for name in ("customer_id", "cluster"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def _review(self) -> list[Row]:
        """Pairs for a person: those inside one cluster are settled already."""
        pairs = self._found.pairs.filter(pc.field("decision") == "review").to_pylist()
        cluster = self._cluster
        return [pair for pair in pairs if cluster.get(pair["id_a"], pair) != cluster.get(pair["id_b"], "")]

    @cached_property
    def _known(self) -> dict[Any, Row]:
        """What is shown of the clients that are listed."""
        listed = {one for pair in self._review for one in (pair["id_a"], pair["id_b"])} | set(self._cluster)
        names = [name for name in ("customer_id", "name", "phones") if name in self._clients.column_names]
        mine = pa.array(sorted(listed, key=str), self._clients["customer_id"].type)
        rows = self._clients.select(names).filter(pc.is_in(self._clients["customer_id"], mine)).to_pylist()
        return {row["customer_id"]: row for row in rows}

    def _joined(self) -> list[tuple[Any, ...]]:
        """A row a client of every cluster, with the strongest pair that brought him in (none for its first)."""
        best: dict[Any, Row] = {}
        for pair in self._found.pairs.filter(pc.field("decision") == "automatic").to_pylist():
            best.setdefault(pair["id_b"], pair)
            best.setdefault(pair["id_a"], pair)
        rows = []
        for customer, cluster in self._cluster.items():
            found = best.get(customer) if customer != cluster else None
            why = (found["score"], reasons(found["reasons"])) if found else (None, None)
            rows.append((cluster, customer, *self._said(customer, "name", "phones"), *why))
        return rows

    def _pair(self, pair: Row) -> tuple[Any, ...]:
        one, other = ((customer, *self._said(customer, "name")) for customer in (pair["id_a"], pair["id_b"]))
        return (*one, *other, pair["score"], reasons(pair["reasons"]))

    def _said(self, customer: Any, *columns: str) -> tuple[Any, ...]:
        row = self._known.get(customer, {})
        return tuple(row.get(column) for column in columns)

    def _pieces(self) -> Iterator[pa.Table]:
        pairs = self._found.pairs
        told = pa.array([reasons(facts) for facts in pairs["reasons"].to_pylist()], pa.string())
        yield pairs.select(["id_a", "id_b", "score", "decision"]).append_column("reasons", told)


def reasons(facts: list[Row]) -> str:
    """Facts of a pair as `Printer.reasons` reads them: `phone=+7 997 200-00-01 (+30);given_short=(+5);`."""
    return "".join(f"{fact['fact']}={_shared(fact)}({fact['points']:+d});".replace("(-", f"({MINUS}") for fact in facts)


def _shared(fact: Row) -> str:
    """What both clients say, where it is worth showing; marks that part the facts are taken out."""
    if fact["fact"] not in SHOWN or not fact["value_a"]:
        return ""
    return " ".join(str(fact["value_a"]).replace(";", ",").replace("=", " ").split()) + " "
