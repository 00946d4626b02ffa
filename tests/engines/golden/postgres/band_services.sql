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
  AND (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(l.accepted_date AS DATE)
  ) < 365
GROUP BY
  v.band,
  l.role
