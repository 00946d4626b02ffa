WITH gaps AS (
  SELECT
    d.day AS day,
    k.class AS class,
    k.category AS category,
    c.gap_days AS gap_days
  FROM client_days AS c
  JOIN days AS d
    ON c.visit_date <= d.day
  JOIN classes AS k
    ON k.day = d.day AND k.customer_id = c.customer_id
  WHERE
    NOT (
      c.gap_days IS NULL
    )
)
SELECT
  day,
  class,
  category,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_gaps,
  quantileExactInclusive(0.9)(gap_days) AS gap_quantile
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
  CAST(COUNT(*) AS Nullable(Int64)) AS n_gaps,
  quantileExactInclusive(0.9)(gap_days) AS gap_quantile
FROM gaps
GROUP BY
  day
