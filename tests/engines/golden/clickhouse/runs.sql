SELECT
  c.customer_id AS customer_id,
  dateDiff(
    'day',
    MAX(
      CASE
        WHEN c.gap_days IS NULL OR c.gap_days > l.limit_days + 0.01
        THEN c.visit_date
      END
    ),
    CAST('2026-06-30' AS Nullable(Date32))
  ) AS run_days
FROM client_days AS c
JOIN limits AS l
  ON l.customer_id = c.customer_id AND l.day = CAST('2026-06-30' AS Nullable(Date32))
GROUP BY
  c.customer_id
