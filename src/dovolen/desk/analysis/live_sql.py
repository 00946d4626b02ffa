"""How canonical tables are made of the desk's rows: one statement a table, on the engine of the analysis."""

from __future__ import annotations

from dovolen.insight.schema import TABLES, Table

UNWRITTEN = "order.accepted"
"""A notice that answers an intake is no word about the work."""

CANONICAL: dict[str, str] = {
    "centres": "SELECT name AS centre, zone, currency FROM centres",
    "customers": """
SELECT c.pk AS customer_id, c.kind, c.name, p.phones, e.emails, c.address, r.tax_number, c.regular_mark,
    c.class_hand, h.name AS class_hand_by, c.class_hand_at, c.blocked_at, c.source, c.referred_by_id AS referred_by,
    c.created_at, m.name AS manager, c.image_value, c.potential
FROM clients AS c
LEFT JOIN (SELECT customer_id, string_agg(number, ',' ORDER BY is_main DESC, pk) AS phones FROM phones GROUP BY 1) AS p
    ON p.customer_id = c.pk
LEFT JOIN (SELECT customer_id, string_agg(address, ',' ORDER BY is_main DESC, pk) AS emails FROM emails GROUP BY 1) AS e
    ON e.customer_id = c.pk
LEFT JOIN requisites AS r ON r.customer_id = c.pk
LEFT JOIN staff AS h ON h.pk = c.class_hand_by_id
LEFT JOIN staff AS m ON m.pk = c.manager_id""",
    # A centre reads the devices of its clients and those that its orders name.
    "assets": """
SELECT d.pk AS asset_id, d.owner_id AS customer_id, n.label AS category, d.brand, d.model, d.serial_number,
    d.made_on AS made_at, d.sold_on AS sold_at, d.warranty_until, d.plate, CAST(d.left_at AS DATE) AS left_at,
    d.left_reason
FROM devices AS d
LEFT JOIN category_names AS n ON n.pk = d.category_id
WHERE d.pk IN (SELECT asset_id FROM taken) OR d.owner_id IN (SELECT pk FROM clients)""",
    # What an own order came to is known when it is handed over; a cost that one of its lines lacks is not known.
    # A past order whose moment is midnight told a day and no time.
    "orders": """
SELECT o.pk AS order_id, o.customer_id, o.asset_id, c.name AS centre,
    CASE WHEN o.is_past AND CAST(timezone(c.zone, o.accepted_at) AS TIME) = TIME '00:00:00' THEN NULL
         ELSE o.accepted_at END AS accepted_at,
    CAST(timezone(c.zone, o.accepted_at) AS DATE) AS accepted_date,
    o.first_promised_at AS promised_at,
    CASE WHEN o.promised_at <> o.first_promised_at THEN o.promised_at END AS repromised_at,
    o.ready_at, o.notified_at, o.picked_up_at, o.outcome, o.kind, p.department, p.initiated_by, o.odometer,
    o.pay_type, o.place, o.estimate,
    CASE WHEN o.is_past THEN p.revenue WHEN o.phase = 'closed' THEN o.total END AS revenue,
    CASE WHEN o.is_past THEN p.debt WHEN o.phase = 'closed' THEN coalesce(a.due - a.paid, 0) END AS debt,
    p.bonus_used,
    CASE WHEN o.is_past THEN p.parts_cost WHEN o.phase = 'closed' AND coalesce(l.parts_unknown, 0) = 0
         THEN o.parts_cost END AS parts_cost,
    CASE WHEN o.is_past THEN p.labour_cost WHEN o.phase = 'closed' AND coalesce(l.labour_unknown, 0) = 0
         THEN o.labour_cost END AS labour_cost,
    CASE WHEN o.is_past THEN p.discount WHEN o.phase = 'closed' THEN coalesce(l.discount, 0) END AS discount,
    o.rework_of_id AS rework_of,
    CASE WHEN o.is_past THEN p.advisor ELSE s.name END AS advisor,
    CASE WHEN o.is_past THEN coalesce(p.technician, t.name) ELSE t.name END AS technician,
    p.channel, o.fault_text, o.outcome_reason
FROM taken AS o
JOIN centres AS c ON c.pk = o.centre_id
LEFT JOIN past AS p ON p.order_id = o.pk
LEFT JOIN accounts AS a ON a.order_number = o.number
LEFT JOIN staff AS s ON s.pk = o.accepted_by_id
LEFT JOIN staff AS t ON t.pk = o.technician_id
LEFT JOIN (
    SELECT order_id, SUM(discount) AS discount,
        SUM(CASE WHEN kind = 'part' AND cost IS NULL THEN 1 ELSE 0 END) AS parts_unknown,
        SUM(CASE WHEN kind = 'labour' AND cost IS NULL THEN 1 ELSE 0 END) AS labour_unknown
    FROM jobs WHERE state <> 'declined' GROUP BY order_id
) AS l ON l.order_id = o.pk""",
    "lines": """
SELECT order_id, kind, name, quantity, price, cost,
    CASE WHEN norm_minutes > 0 THEN norm_minutes / 60.0 END AS norm_hours,
    CASE WHEN state <> 'proposed' THEN state END AS state, decided_at, warranty_until
FROM jobs WHERE order_id IN (SELECT order_id FROM known_orders)""",
    # Ready and told are one stage to the analysis: waiting to be fetched. Own stages go by their name.
    "stages": """
SELECT y.order_id,
    CASE n.phase WHEN 'part' THEN 'waiting_parts' WHEN 'ready' THEN 'ready' WHEN 'told' THEN 'ready'
        WHEN 'closed' THEN 'picked_up' ELSE coalesce(n.name, n.code) END AS stage,
    y.entered_at, y.norm_minutes / 60.0 AS norm_hours, b.name AS by, t.name AS technician
FROM stays AS y
JOIN stage_names AS n ON n.pk = y.stage_id
LEFT JOIN staff AS b ON b.pk = y.by_id
LEFT JOIN staff AS t ON t.pk = y.technician_id
WHERE y.order_id IN (SELECT order_id FROM known_orders)""",
    "promises": """
SELECT order_id, "at", promised_at FROM given_promises WHERE order_id IN (SELECT order_id FROM known_orders)""",
    "estimates": """
SELECT order_id, "at", amount, "at" AS approved_at FROM approvals
WHERE order_id IN (SELECT order_id FROM known_orders)""",
    # What the desk wrote by itself is a word to the client, and cost nobody a minute.
    "contacts": f"""
SELECT k.customer_id, o.pk AS order_id, k."at", k.channel, k.direction, s.name AS by, k.purpose,
    CAST(k.minutes AS DOUBLE) AS minutes
FROM talks AS k LEFT JOIN staff AS s ON s.pk = k.by_id LEFT JOIN taken AS o ON o.number = k.order_number
UNION ALL
SELECT i.customer_id, o.pk, i."at", i.channel, 'in', NULL, NULL, NULL
FROM answers AS i LEFT JOIN taken AS o ON o.number = i.order_number
UNION ALL
SELECT m.customer_id, o.pk, m.sent_at, m.channel, 'out', NULL, m.purpose, 0
FROM letters AS m JOIN taken AS o ON o.number = m.order_number WHERE coalesce(m.notice, '') <> '{UNWRITTEN}'""",
    "messages": "SELECT customer_id, sent_at, delivered_at, channel, purpose, cost FROM letters",
    "cases": """
SELECT c.customer_id, o.pk AS order_id, c.kind, c.opened_at, c.first_reply_at, c.resolved_at, c.outcome,
    c.category, s.name AS owner
FROM told_cases AS c LEFT JOIN staff AS s ON s.pk = c.owner_id LEFT JOIN taken AS o ON o.pk = c.order_id""",
    # An answer is the merit of whoever keeps the client.
    "feedback": """
SELECT a.customer_id, o.pk AS order_id, a."at", a.kind, a.score, a.scale, m.name AS by_manager
FROM told_answers AS a
LEFT JOIN clients AS c ON c.pk = a.customer_id
LEFT JOIN staff AS m ON m.pk = c.manager_id
LEFT JOIN taken AS o ON o.pk = a.order_id""",
    "payments": """
SELECT o.pk AS order_id, p."at", p.amount, p.method, p.refund_of_id AS refund_of
FROM paid AS p JOIN taken AS o ON o.number = p.account__order_number""",
    "bookings": """
SELECT customer_id, made_at AS "at", starts_at AS for_at,
    CASE WHEN arrived_at IS NOT NULL THEN TRUE WHEN cancelled_at IS NOT NULL THEN FALSE END AS arrived
FROM slots""",
}
"""In this order: later ones read `known_customers`, `known_assets` and `known_orders`, made of the former."""

PAST_TABLES = (
    "feedback", "cases", "messages", "leads", "payments", "bookings", "events", "plans", "spend", "stages",
    "promises", "estimates", "contacts",
)  # fmt: skip
"""Tables of which another system may have told rows that the desk keeps no room for."""

_SQL = {
    "text": "VARCHAR", "int": "BIGINT", "number": "DOUBLE", "money": "BIGINT", "date": "DATE", "flag": "BOOLEAN",
    "moment": "TIMESTAMPTZ", "id": "BIGINT",
}  # fmt: skip
_OURS = {"customer_id": "customer_id", "order_id": "order_id"}


def past_facts(table: str) -> str:
    """Rows of a canonical table out of what was told of it elsewhere, our keys in place of theirs.

    Where the table needs an order or a client, rows that found none are left out.
    """
    spec = TABLES[table]
    parts = [_OURS.get(column.name) or _out_of(column.name, column.kind, spec) for column in spec.columns]
    names = [column.name for column in spec.columns]
    picked = ", ".join(f'{part} AS "{name}"' for part, name in zip(parts, names, strict=True))
    needed = [column.name for column in spec.columns if column.needed]
    complete = "".join(f' AND "{name}" IS NOT NULL' for name in needed)
    return f"SELECT * FROM (SELECT {picked} FROM facts WHERE \"table\" = '{table}') AS told WHERE TRUE{complete}"


def _out_of(name: str, kind: str, spec: Table) -> str:
    """One column out of the row's JSON; the row's own moment stands in for the first one."""
    told = f"json_extract_string(told, '$.{name}')"
    value = f"TRY_CAST({told} AS {_SQL[kind]})"
    first = next((column.name for column in spec.columns if column.kind == "moment"), "")
    return f'coalesce({value}, "at")' if name == first else value
