WITH candidates AS (
  SELECT
    l.day AS day,
    c.customer_id AS customer_id,
    c.visit_date AS visit_date,
    c.gap_days AS gap_days,
    l.group_limit AS group_limit
  FROM client_days AS c
  JOIN limits AS l
    ON l.customer_id = c.customer_id
  WHERE
    c.gap_days > 60 AND dateDiff('day', c.visit_date, l.day) BETWEEN 0 AND 180
), judged AS (
  SELECT
    a.day AS day,
    a.customer_id AS customer_id,
    a.visit_date AS visit_date,
    a.gap_days AS gap_days,
    a.group_limit AS group_limit,
    CASE
      WHEN CAST(SUM(e.n_visits) AS Nullable(Int64)) >= 4
      THEN quantileExactInclusive(0.9)(e.gap_days)
    END AS own_quantile
  FROM candidates AS a
  JOIN client_days AS e
    ON e.customer_id = a.customer_id AND e.visit_date < a.visit_date
  GROUP BY
    a.day,
    a.customer_id,
    a.visit_date,
    a.gap_days,
    a.group_limit
)
SELECT
  day,
  customer_id,
  MAX(visit_date) AS comeback_date
FROM judged
WHERE
  gap_days > GREATEST(60, COALESCE(own_quantile, group_limit)) + 0.01
GROUP BY
  day,
  customer_id
