-- value_sources: clients who first came in a month, and what was spent on their source in it.
-- Needs: customer_orders, customers, spend.
-- Gives: source (null = not told), month (its first day), n_new (clients), spent (null = no outlay is written down).
WITH told AS (
    SELECT
        c.source,
        CAST(date_trunc('month', f.first_date) AS DATE) AS month,
        1 AS n_new,
        CAST(NULL AS BIGINT) AS spent
    FROM customer_orders AS f
    LEFT JOIN customers AS c ON c.customer_id = f.customer_id
    WHERE f.first_date IS NOT NULL
    UNION ALL
    SELECT source, CAST(date_trunc('month', month) AS DATE) AS month, 0 AS n_new, amount AS spent
    FROM spend
    WHERE month <= $asof
)
SELECT source, month, CAST(SUM(n_new) AS BIGINT) AS n_new, CAST(SUM(spent) AS BIGINT) AS spent
FROM told
GROUP BY source, month
