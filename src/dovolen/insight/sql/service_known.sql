-- service_known: one row: what this source tells of at all, so that its silence means something.
-- Needs: service_orders, promises, contacts, cases, events.
-- Gives: contacts_since (seconds, the first contact with a direction; null = there is no such log) and, each 1 where the
--        source tells of it somewhere, else null: complaints, returns, moves, told, debts.
WITH of_contacts AS (
    SELECT MIN(CASE WHEN c.direction IS NOT NULL THEN epoch(c.at) END) AS contacts_since
    FROM contacts AS c
),
of_cases AS (
    SELECT MAX(CASE WHEN kind IS NOT NULL THEN 1 END) AS complaints
    FROM cases
),
of_events AS (
    SELECT MAX(CASE WHEN kind = 'dispute' THEN 1 END) AS disputes
    FROM events
),
of_promises AS (
    SELECT MAX(CASE WHEN promised_at IS NOT NULL THEN 1 END) AS moves
    FROM promises
),
of_orders AS (
    SELECT
        MAX(CASE WHEN rework_of IS NOT NULL OR fault IS NOT NULL THEN 1 END) AS returns,
        MAX(CASE WHEN repromised IS NOT NULL THEN 1 END) AS moves,
        MAX(CASE WHEN told IS NOT NULL THEN 1 END) AS told,
        MAX(CASE WHEN debt IS NOT NULL THEN 1 END) AS debts
    FROM service_orders
)
SELECT
    c.contacts_since,
    k.complaints,
    o.returns,
    coalesce(p.moves, o.moves) AS moves,
    o.told,
    coalesce(o.debts, e.disputes) AS debts
FROM of_orders AS o
CROSS JOIN of_contacts AS c
CROSS JOIN of_cases AS k
CROSS JOIN of_events AS e
CROSS JOIN of_promises AS p
