-- value_ranked: served clients from the best down, persons and companies apart, by revenue and by margin.
-- Needs: value_clients, customer_facts.
-- Gives: measure (revenue, margin), customer_id, kind (unknown where not told), amount, place (1 = best), n_clients,
--        before (what those before him brought), total (both without what is below nothing).
-- Keep.
WITH measured AS (
    SELECT 'revenue' AS measure, v.customer_id, coalesce(f.kind, 'unknown') AS kind, v.revenue AS amount
    FROM value_clients AS v
    JOIN customer_facts AS f ON f.customer_id = v.customer_id
    WHERE v.n_orders > 0 AND v.revenue IS NOT NULL
    UNION ALL
    SELECT 'margin' AS measure, v.customer_id, coalesce(f.kind, 'unknown') AS kind, v.margin AS amount
    FROM value_clients AS v
    JOIN customer_facts AS f ON f.customer_id = v.customer_id
    WHERE v.n_orders > 0 AND v.margin IS NOT NULL
),
summed AS (
    SELECT
        measure,
        customer_id,
        kind,
        amount,
        ROW_NUMBER() OVER (PARTITION BY measure, kind ORDER BY amount DESC, customer_id) AS place,
        COUNT(*) OVER (PARTITION BY measure, kind) AS n_clients,
        SUM(greatest(amount, 0)) OVER (PARTITION BY measure, kind) AS total,
        SUM(greatest(amount, 0)) OVER (
            PARTITION BY measure, kind ORDER BY amount DESC, customer_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS upto
    FROM measured
)
SELECT
    measure,
    customer_id,
    kind,
    amount,
    place,
    n_clients,
    CAST(upto - greatest(amount, 0) AS BIGINT) AS before,
    CAST(total AS BIGINT) AS total
FROM summed
