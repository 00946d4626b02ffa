WITH gaps AS (
  SELECT
    d.day,
    k.class,
    k.category,
    c.gap_days
  FROM client_days AS c
  JOIN days AS d
    ON c.visit_date <= d.day
  JOIN classes AS k
    ON k.day = d.day AND k.customer_id = c.customer_id
  WHERE
    NOT c.gap_days IS NULL
)
SELECT
  day,
  class,
  category,
  COUNT(*) AS n_gaps,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
    gap_days) AS gap_quantile
FROM gaps
GROUP BY
  day,
  class,
  category
UNION ALL
SELECT
  day,
  '*' AS class,
  '*' AS category,
  COUNT(*) AS n_gaps,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
    gap_days) AS gap_quantile
FROM gaps
GROUP BY
  day
