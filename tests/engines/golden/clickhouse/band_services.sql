SELECT
  v.band AS band,
  l.role AS role,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_lines,
  CAST(SUM(l.amount) AS Nullable(Int64)) AS amount
FROM line_roles AS l
JOIN customer_visits AS v
  ON v.customer_id = l.customer_id
WHERE
  NOT (
    v.band IS NULL
  )
  AND dateDiff('day', l.accepted_date, CAST('2026-06-30' AS Nullable(Date32))) < 365
GROUP BY
  v.band,
  l.role
