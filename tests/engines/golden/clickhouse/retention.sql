WITH years AS (
  SELECT
    customer_id,
    MAX(
      CASE
        WHEN dateDiff('day', visit_date, CAST('2026-06-30' AS Nullable(Date32))) BETWEEN 365 AND 729
        THEN 1
        ELSE 0
      END
    ) AS came_before,
    MAX(
      CASE
        WHEN dateDiff('day', visit_date, CAST('2026-06-30' AS Nullable(Date32))) < 365
        THEN 1
        ELSE 0
      END
    ) AS came_now
  FROM client_days
  GROUP BY
    customer_id
)
SELECT
  CAST(SUM(came_before) AS Nullable(Int64)) AS visitors,
  CAST(SUM(came_before * came_now) AS Nullable(Int64)) AS kept
FROM years
