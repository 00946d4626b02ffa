-- value_cohorts: margin of the clients who first came in one quarter, by the months since each one's first visit.
-- Needs: billed, customer_orders.
-- Gives: cohort (year × 4 + quarter from 0), age (whole months of 365.25 / 12 days since his first visit; what came before it
--        belongs to 0), margin (of orders whose costs are known), n_orders (counted), n_without_costs.
WITH aged AS (
    SELECT
        CAST(EXTRACT(YEAR FROM f.first_date) * 4 + EXTRACT(QUARTER FROM f.first_date) - 1 AS BIGINT) AS cohort,
        CAST(floor(greatest(date_diff('day', f.first_date, b.accepted_date), 0) * 16 / CAST(487 AS DOUBLE)) AS BIGINT)
            AS age,
        b.margin,
        b.counted
    FROM billed AS b
    JOIN customer_orders AS f ON f.customer_id = b.customer_id
    WHERE f.first_date IS NOT NULL
)
SELECT
    cohort,
    age,
    CAST(SUM(margin) AS BIGINT) AS margin,
    CAST(SUM(counted) AS BIGINT) AS n_orders,
    CAST(SUM(CASE WHEN margin IS NULL THEN counted ELSE 0 END) AS BIGINT) AS n_without_costs
FROM aged
GROUP BY cohort, age
