WITH facts AS (
  SELECT
    l.day AS day,
    l.customer_id AS customer_id,
    l.class AS class,
    l.first_date AS first_date,
    l.last_date AS last_date,
    l.visits_365 AS visits_365,
    l.silent_days AS silent_days,
    l.limit_days AS limit_days,
    l.limit_from AS limit_from,
    b.comeback_date AS comeback_date,
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
      WHEN NOT (
        blocked_date IS NULL
      )
      THEN 'blocked'
      WHEN silent_days > 3 * limit_days + 0.01
      THEN 'lost'
      WHEN silent_days > limit_days + 0.01
      THEN 'dormant'
      WHEN dateDiff('day', first_date, day) <= 90
      THEN 'new'
      WHEN NOT (
        comeback_date IS NULL
      )
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
    THEN dateDiff('day', blocked_date, day)
    WHEN 'lost'
    THEN silent_days - CAST(round(FLOOR(3 * limit_days + 0.01)) AS Nullable(Int64)) - 1
    WHEN 'dormant'
    THEN silent_days - CAST(round(FLOOR(limit_days + 0.01)) AS Nullable(Int64)) - 1
    WHEN 'new'
    THEN dateDiff('day', first_date, day)
    WHEN 'returned'
    THEN dateDiff('day', comeback_date, day)
  END AS since_days
FROM named
