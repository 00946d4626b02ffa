WITH known AS (
  SELECT
    d.day,
    d.customer_id,
    d.first_date,
    d.last_date,
    d.visits_365,
    k.class,
    (
      CAST(d.day AS DATE) - CAST(d.last_date AS DATE)
    ) AS silent_days,
    CASE WHEN d.n_visits >= 4 THEN d.own_quantile END AS own_quantile,
    CASE WHEN g.n_gaps >= 20 THEN g.gap_quantile END AS group_quantile,
    CASE WHEN b.n_gaps >= 20 THEN b.gap_quantile END AS base_quantile
  FROM day_customers AS d
  JOIN classes AS k
    ON k.day = d.day AND k.customer_id = d.customer_id
  LEFT JOIN group_gaps AS g
    ON g.day = d.day AND g.class = k.class AND g.category = k.category
  LEFT JOIN group_gaps AS b
    ON b.day = d.day AND b.class = '*' AND b.category = '*'
)
SELECT
  day,
  customer_id,
  first_date,
  last_date,
  visits_365,
  silent_days,
  class,
  GREATEST(60, COALESCE(group_quantile, base_quantile, 180)) AS group_limit,
  GREATEST(60, COALESCE(own_quantile, group_quantile, base_quantile, 180)) AS limit_days,
  CASE
    WHEN NOT own_quantile IS NULL
    THEN 'own'
    WHEN NOT group_quantile IS NULL
    THEN 'group'
    WHEN NOT base_quantile IS NULL
    THEN 'base'
    ELSE 'default'
  END AS limit_from
FROM known
