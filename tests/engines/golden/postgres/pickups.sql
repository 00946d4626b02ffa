WITH taken AS (
  SELECT
    d.day,
    o.customer_id,
    DATE_PART('epoch', o.picked_up_at) - DATE_PART('epoch', COALESCE(o.notified_at, o.ready_at)) AS seconds
  FROM orders AS o
  JOIN days AS d
    ON o.picked_up_date <= d.day AND o.accepted_date <= d.day
  WHERE
    NOT o.customer_id IS NULL
    AND (
      o.outcome IS NULL OR o.outcome <> 'cancelled'
    )
    AND (
      o.revenue IS NULL OR o.revenue >= 0
    )
    AND NOT COALESCE(o.notified_at, o.ready_at) IS NULL
), counted AS (
  SELECT
    day,
    customer_id,
    COUNT(*) AS n_pickups
  FROM taken
  GROUP BY
    day,
    customer_id
), placed AS (
  SELECT
    day,
    customer_id,
    seconds,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, customer_id ORDER BY seconds) AS BIGINT) AS place
  FROM taken
)
SELECT
  c.day,
  c.customer_id,
  c.n_pickups,
  MIN(p.seconds) + (
    MAX(p.seconds) - MIN(p.seconds)
  ) * 0.5 AS pickup_seconds
FROM counted AS c
JOIN placed AS p
  ON p.day = c.day AND p.customer_id = c.customer_id
WHERE
  p.place * 2 >= c.n_pickups AND p.place * 2 <= c.n_pickups + 2
GROUP BY
  c.day,
  c.customer_id,
  c.n_pickups
