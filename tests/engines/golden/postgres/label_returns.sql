WITH gaps AS (
  SELECT
    k.class,
    k.category,
    c.gap_days
  FROM client_days AS c
  JOIN classes AS k
    ON k.customer_id = c.customer_id
  WHERE
    k.day = CAST('2026-06-30' AS DATE) AND NOT c.gap_days IS NULL
), horizons AS (
  SELECT
    class,
    category,
    COUNT(*) AS n_gaps,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY
      gap_days) AS horizon_days
  FROM gaps
  GROUP BY
    class,
    category
  UNION ALL
  SELECT
    '*' AS class,
    '*' AS category,
    COUNT(*) AS n_gaps,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY
      gap_days) AS horizon_days
  FROM gaps
), clients AS (
  SELECT
    k.customer_id,
    CASE WHEN g.n_gaps >= 20 THEN g.horizon_days ELSE b.horizon_days END AS horizon_days
  FROM classes AS k
  JOIN horizons AS b
    ON b.class = '*' AND b.category = '*' AND b.n_gaps >= 20
  LEFT JOIN horizons AS g
    ON g.class = k.class AND g.category = k.category
  WHERE
    k.day = CAST('2026-06-30' AS DATE)
), following AS (
  SELECT
    customer_id,
    visit_date,
    (
      CAST(LAG(visit_date) OVER (PARTITION BY customer_id ORDER BY visit_date DESC NULLS LAST) AS DATE) - CAST(visit_date AS DATE)
    ) AS next_days
  FROM client_days
)
SELECT
  b.order_id,
  CASE WHEN f.next_days <= c.horizon_days THEN 1 ELSE 0 END AS returned,
  c.horizon_days
FROM billed AS b
JOIN clients AS c
  ON c.customer_id = b.customer_id
JOIN following AS f
  ON f.customer_id = b.customer_id AND f.visit_date = b.accepted_date
WHERE
  b.counted = 1
  AND (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(b.accepted_date AS DATE)
  ) >= c.horizon_days
