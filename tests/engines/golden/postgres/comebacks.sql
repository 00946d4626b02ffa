WITH candidates AS (
  SELECT
    l.day,
    c.customer_id,
    c.visit_date,
    c.gap_days,
    l.group_limit
  FROM client_days AS c
  JOIN limits AS l
    ON l.customer_id = c.customer_id
  WHERE
    c.gap_days > 60
    AND (
      CAST(l.day AS DATE) - CAST(c.visit_date AS DATE)
    ) BETWEEN 0 AND 180
), judged AS (
  SELECT
    a.day,
    a.customer_id,
    a.visit_date,
    a.gap_days,
    a.group_limit,
    CASE
      WHEN CAST(SUM(e.n_visits) AS BIGINT) >= 4
      THEN PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
        e.gap_days)
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
