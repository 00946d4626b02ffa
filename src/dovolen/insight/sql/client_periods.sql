-- client_periods: months, quarters and years in which each client came, as running numbers.
-- Needs: client_days.
-- Gives: grain (month, quarter, year), customer_id, period (year × periods a year + number from 0).
-- Keep.
SELECT DISTINCT
    'month' AS grain,
    customer_id,
    CAST(EXTRACT(YEAR FROM visit_date) * 12 + EXTRACT(MONTH FROM visit_date) - 1 AS BIGINT) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
    'quarter' AS grain,
    customer_id,
    CAST(EXTRACT(YEAR FROM visit_date) * 4 + EXTRACT(QUARTER FROM visit_date) - 1 AS BIGINT) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
    'year' AS grain,
    customer_id,
    CAST(EXTRACT(YEAR FROM visit_date) AS BIGINT) AS period
FROM client_days
