WITH years AS (
  SELECT
    customer_id,
    MAX(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(visit_date AS DATE)
        ) BETWEEN 365 AND 729
        THEN 1
        ELSE 0
      END
    ) AS came_before,
    MAX(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(visit_date AS DATE)
        ) < 365
        THEN 1
        ELSE 0
      END
    ) AS came_now
  FROM client_days
  GROUP BY
    customer_id
)
SELECT
  CAST(SUM(came_before) AS BIGINT) AS visitors,
  CAST(SUM(came_before * came_now) AS BIGINT) AS kept
FROM years
