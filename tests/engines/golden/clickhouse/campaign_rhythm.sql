WITH known AS (
  SELECT
    d.customer_id AS customer_id,
    MAX(
      CASE
        WHEN dateDiff('day', d.visit_date, CAST('2026-06-30' AS Nullable(Date32))) < 56
        THEN 1
        ELSE 0
      END
    ) AS came,
    MAX(
      CASE
        WHEN dateDiff('day', d.visit_date, CAST('2026-06-30' AS Nullable(Date32))) >= 56
        THEN 1
        ELSE 0
      END
    ) AS had_come
  FROM client_days AS d
  GROUP BY
    d.customer_id
)
SELECT
  CAST(COUNT(*) AS Nullable(Int64)) AS clients,
  CAST(round(COALESCE(CAST(SUM(k.came) AS Nullable(Int64)), 0)) AS Nullable(Int64)) AS came
FROM known AS k
LEFT JOIN customers AS c
  ON c.customer_id = k.customer_id
WHERE
  k.had_come = 1
  AND (
    c.blocked_date IS NULL OR c.blocked_date > CAST('2026-06-30' AS Nullable(Date32))
  )
