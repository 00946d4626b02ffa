SELECT
  v.band,
  l.role,
  COUNT(*) AS n_lines,
  CAST(SUM(l.amount) AS BIGINT) AS amount
FROM line_roles AS l
JOIN customer_visits AS v
  ON v.customer_id = l.customer_id
WHERE
  NOT v.band IS NULL
  AND DATEDIFF(CAST('2026-06-30' AS DATE), l.accepted_date) < 365
GROUP BY
  v.band,
  l.role
