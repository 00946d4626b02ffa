WITH known AS (
  SELECT
    d.customer_id,
    MAX(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(d.visit_date AS DATE)
        ) < 56
        THEN 1
        ELSE 0
      END
    ) AS came,
    MAX(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(d.visit_date AS DATE)
        ) >= 56
        THEN 1
        ELSE 0
      END
    ) AS had_come
  FROM client_days AS d
  GROUP BY
    d.customer_id
)
SELECT
  COUNT(*) AS clients,
  CAST(COALESCE(CAST(SUM(k.came) AS BIGINT), 0) AS BIGINT) AS came
FROM known AS k
LEFT JOIN customers AS c
  ON c.customer_id = k.customer_id
WHERE
  k.had_come = 1
  AND (
    c.blocked_date IS NULL OR c.blocked_date > CAST('2026-06-30' AS DATE)
  )
