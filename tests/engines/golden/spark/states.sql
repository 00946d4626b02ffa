WITH facts AS (
  SELECT
    l.day,
    l.customer_id,
    l.class,
    l.first_date,
    l.last_date,
    l.visits_365,
    l.silent_days,
    l.limit_days,
    l.limit_from,
    b.comeback_date,
    CASE WHEN c.blocked_date <= l.day THEN c.blocked_date END AS blocked_date
  FROM limits AS l
  LEFT JOIN comebacks AS b
    ON b.day = l.day AND b.customer_id = l.customer_id
  LEFT JOIN customers AS c
    ON c.customer_id = l.customer_id
), named AS (
  SELECT
    day,
    customer_id,
    class,
    limit_days,
    limit_from,
    first_date,
    last_date,
    silent_days,
    CASE
      WHEN NOT blocked_date IS NULL
      THEN 'blocked'
      WHEN silent_days > 3 * limit_days + 0.01
      THEN 'lost'
      WHEN silent_days > limit_days + 0.01
      THEN 'dormant'
      WHEN DATEDIFF(day, first_date) <= 90
      THEN 'new'
      WHEN NOT comeback_date IS NULL
      THEN 'returned'
      WHEN visits_365 >= 4 OR class IN ('regular', 'intermediary')
      THEN 'loyal'
      ELSE 'active'
    END AS state,
    blocked_date,
    comeback_date
  FROM facts
)
SELECT
  day,
  customer_id,
  class,
  state,
  limit_days,
  limit_from,
  last_date,
  CASE WHEN state IN ('new', 'returned', 'loyal', 'active') THEN 1 ELSE 0 END AS in_base,
  CASE state
    WHEN 'blocked'
    THEN DATEDIFF(day, blocked_date)
    WHEN 'lost'
    THEN silent_days - CAST(BROUND(CAST(FLOOR(3 * limit_days + 0.01) AS DOUBLE)) AS BIGINT) - 1
    WHEN 'dormant'
    THEN silent_days - CAST(BROUND(CAST(FLOOR(limit_days + 0.01) AS DOUBLE)) AS BIGINT) - 1
    WHEN 'new'
    THEN DATEDIFF(day, first_date)
    WHEN 'returned'
    THEN DATEDIFF(day, comeback_date)
  END AS since_days
FROM named
