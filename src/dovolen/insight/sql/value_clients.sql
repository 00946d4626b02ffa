-- value_clients: what every client brought, what he took, and what is left; one row a client of the base.
-- Needs: customer_facts, orders, contacts, cases, assets, customers.
-- Gives: customer_id, n_orders, n_without_costs, revenue, revenue_known and margin (of orders whose costs are known),
--        discount, bonus_used, debt (of orders not cancelled), complaints, contact_seconds, n_contacts, n_timed
--        (contacts with minutes), assets_owned, assets_served (of those owned, in the last 365 days), brought (served
--        clients he referred), brought_revenue.
-- Keep.
WITH billing AS (
    SELECT
        customer_id,
        CAST(SUM(CASE WHEN revenue < 0 THEN 0 WHEN parts_cost IS NULL OR labour_cost IS NULL THEN 1 ELSE 0 END) AS BIGINT)
            AS n_without_costs,
        CAST(SUM(CASE WHEN parts_cost IS NOT NULL AND labour_cost IS NOT NULL THEN revenue END) AS BIGINT) AS revenue_known,
        CAST(SUM(revenue - parts_cost - labour_cost) AS BIGINT) AS margin,
        CAST(SUM(discount) AS BIGINT) AS discount,
        CAST(SUM(bonus_used) AS BIGINT) AS bonus_used,
        CAST(SUM(debt) AS BIGINT) AS debt
    FROM orders
    WHERE customer_id IS NOT NULL AND accepted_date <= $asof AND (outcome IS NULL OR outcome <> 'cancelled')
    GROUP BY customer_id
),
talked AS (
    SELECT
        customer_id,
        COUNT(*) AS n_contacts,
        COUNT(minutes) AS n_timed,
        CAST(SUM(CAST(floor(minutes * 60 + 0.5) AS BIGINT)) AS BIGINT) AS contact_seconds
    FROM contacts
    WHERE day_in_zone("at", $zone) <= $asof
    GROUP BY customer_id
),
complained AS (
    SELECT customer_id, COUNT(*) AS complaints
    FROM cases
    WHERE kind = 'complaint' AND day_in_zone(opened_at, $zone) <= $asof
    GROUP BY customer_id
),
served AS (
    SELECT DISTINCT asset_id
    FROM orders
    WHERE asset_id IS NOT NULL AND accepted_date <= $asof AND date_diff('day', accepted_date, $asof) < 365
      AND (outcome IS NULL OR outcome <> 'cancelled')
),
owned AS (
    SELECT a.customer_id, COUNT(*) AS assets_owned, COUNT(s.asset_id) AS assets_served
    FROM assets AS a
    LEFT JOIN served AS s ON s.asset_id = a.asset_id
    WHERE a.customer_id IS NOT NULL AND (a.left_at IS NULL OR a.left_at > $asof)
    GROUP BY a.customer_id
),
referred AS (
    SELECT c.referred_by, COUNT(*) AS brought, CAST(SUM(f.revenue) AS BIGINT) AS brought_revenue
    FROM customers AS c
    JOIN customer_facts AS f ON f.customer_id = c.customer_id
    WHERE c.referred_by IS NOT NULL AND c.referred_by <> c.customer_id AND f.n_orders > 0
    GROUP BY c.referred_by
)
SELECT
    f.customer_id,
    f.n_orders,
    coalesce(b.n_without_costs, 0) AS n_without_costs,
    f.revenue,
    b.revenue_known,
    b.margin,
    b.discount,
    b.bonus_used,
    b.debt,
    coalesce(k.complaints, 0) AS complaints,
    coalesce(t.contact_seconds, 0) AS contact_seconds,
    coalesce(t.n_contacts, 0) AS n_contacts,
    coalesce(t.n_timed, 0) AS n_timed,
    coalesce(w.assets_owned, 0) AS assets_owned,
    coalesce(w.assets_served, 0) AS assets_served,
    coalesce(r.brought, 0) AS brought,
    r.brought_revenue
FROM customer_facts AS f
LEFT JOIN billing AS b ON b.customer_id = f.customer_id
LEFT JOIN talked AS t ON t.customer_id = f.customer_id
LEFT JOIN complained AS k ON k.customer_id = f.customer_id
LEFT JOIN owned AS w ON w.customer_id = f.customer_id
LEFT JOIN referred AS r ON r.referred_by = f.customer_id
