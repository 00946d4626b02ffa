SELECT
  c.customer_id,
  DATEDIFF(
    CAST('2026-06-30' AS DATE),
    MAX(
      CASE
        WHEN c.gap_days IS NULL OR c.gap_days > l.limit_days + 0.01
        THEN c.visit_date
      END
    )
  ) AS run_days
FROM client_days AS c
JOIN limits AS l
  ON l.customer_id = c.customer_id AND l.day = CAST('2026-06-30' AS DATE)
GROUP BY
  c.customer_id
