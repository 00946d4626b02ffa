SELECT DISTINCT
  'month' AS grain,
  customer_id,
  CAST(round(EXTRACT(YEAR FROM visit_date) * 12 + EXTRACT(MONTH FROM visit_date) - 1) AS Nullable(Int64)) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
  'quarter' AS grain,
  customer_id,
  CAST(round(EXTRACT(YEAR FROM visit_date) * 4 + EXTRACT(QUARTER FROM visit_date) - 1) AS Nullable(Int64)) AS period
FROM client_days
UNION ALL
SELECT DISTINCT
  'year' AS grain,
  customer_id,
  CAST(round(EXTRACT(YEAR FROM visit_date)) AS Nullable(Int64)) AS period
FROM client_days
