SELECT DISTINCT
  'month' AS grain,
  customer_id,
  CAST(BROUND(EXTRACT(YEAR FROM visit_date) * 12 + EXTRACT(MONTH FROM visit_date) - 1) AS BIGINT) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
  'quarter' AS grain,
  customer_id,
  CAST(BROUND(EXTRACT(YEAR FROM visit_date) * 4 + EXTRACT(QUARTER FROM visit_date) - 1) AS BIGINT) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
  'year' AS grain,
  customer_id,
  CAST(BROUND(EXTRACT(YEAR FROM visit_date)) AS BIGINT) AS period
FROM client_days
