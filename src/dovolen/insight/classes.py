"""Classes of clients: who is an intermediary, a regular, a one-off; fleets; marks that contradict the facts."""

from __future__ import annotations

from dovolen.insight.facts import Views
from dovolen.insight.results import Sheet, sheet

_PICKUPS_KNOWN = "SELECT COUNT(n_pickups) AS known FROM customer_facts"


def summary(views: Views) -> Sheet | None:
    """Classes by persons and companies: clients, orders, revenue and the average order."""
    rows = views.rows(
        "SELECT class, coalesce(kind, 'unknown') AS kind, COUNT(*) AS clients, "
        "CAST(SUM(n_orders) AS BIGINT) AS orders, CAST(SUM(revenue) AS BIGINT) AS revenue "
        "FROM customer_facts WHERE n_orders > 0 GROUP BY class, coalesce(kind, 'unknown') "
        "ORDER BY class, kind"
    )
    columns = (("class", "word"), ("kind", "word"), ("clients", "clients"), ("orders", "orders"), ("revenue", "money"))
    return sheet("classes.summary", columns, rows, shares=("clients", "revenue"), average=("revenue", "orders"))


def fleets(views: Views) -> Sheet | None:
    """Companies with many assets or orders, largest revenue first."""
    rows = views.rows(
        "SELECT customer_id, name, n_orders, n_assets, revenue, lifecycle FROM customer_facts "
        "WHERE is_fleet = 1 ORDER BY revenue DESC NULLS LAST, customer_id"
    )
    columns = (
        ("customer_id", "id"),
        ("name", "text"),
        ("n_orders", "orders"),
        ("n_assets", "count"),
        ("revenue", "money"),
        ("lifecycle", "word"),
    )
    return sheet("fleets", columns, rows)


def contradictions(views: Views) -> Sheet | None:
    """Clients whose mark contradicts the facts: should be marked, or marked without reason. A check on managers."""
    rows = views.rows(
        "SELECT customer_id, name, "
        "CASE WHEN regular_mark = 1 THEN 'marked_without_reason' ELSE 'should_be_marked' END AS says, class_reasons "
        "FROM customer_facts WHERE n_orders > 0 AND ("
        "(regular_mark = 1 AND class = 'regular' AND class_reasons = 'marked=1;') "
        "OR (regular_mark = 0 AND class = 'regular' AND class_reasons NOT LIKE 'by_hand%')) "
        "ORDER BY says, revenue DESC NULLS LAST, customer_id"
    )
    return sheet("classes.contradictions", _LISTED, rows)


def probable_intermediaries(views: Views) -> Sheet | None:
    """Clients who bring as much as an intermediary, in a base that does not tell how fast they pick up."""
    if views.row(_PICKUPS_KNOWN)["known"]:
        return None
    rows = views.rows(
        "SELECT customer_id, name, 'brings_much' AS says, "
        "'assets_8_weeks=' || CAST(brought_window AS VARCHAR) || ';'"
        " || CASE WHEN regular_mark = 1 THEN 'marked=1;' ELSE '' END"
        " || CASE WHEN kind = 'company' THEN 'company=1;' ELSE '' END"
        " || CASE WHEN n_assets >= $regular_assets THEN 'assets=' || CAST(n_assets AS VARCHAR) || ';' ELSE '' END "
        "AS reasons FROM customer_facts WHERE brought_window >= $window_assets "
        "ORDER BY brought_window DESC, customer_id"
    )
    return sheet("classes.probable", _LISTED, rows)


_LISTED = (("customer_id", "id"), ("name", "text"), ("says", "word"), ("reasons", "reasons"))
