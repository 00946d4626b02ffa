WITH fetched AS (
  SELECT
    customer_id,
    accepted_date,
    picked_up_date,
    (
      CAST(UNIX_MICROS(CAST(picked_up_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) - (
      CAST(UNIX_MICROS(CAST(COALESCE(notified_at, ready_at) AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) AS seconds
  FROM orders
  WHERE
    NOT customer_id IS NULL
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
    AND (
      revenue IS NULL OR revenue >= 0
    )
    AND NOT COALESCE(notified_at, ready_at) IS NULL
), taken AS (
  SELECT
    d.day,
    f.customer_id,
    f.seconds
  FROM fetched AS f
  JOIN days AS d
    ON f.picked_up_date <= d.day AND f.accepted_date <= d.day
  WHERE
    d.day = CAST('2026-06-30' AS DATE)
  UNION ALL
  SELECT
    w.day,
    f.customer_id,
    f.seconds
  FROM fetched AS f
  JOIN best_windows AS w
    ON w.customer_id = f.customer_id
    AND f.picked_up_date <= w.day
    AND f.accepted_date <= w.day
  WHERE
    w.brought >= 24 AND w.day <> CAST('2026-06-30' AS DATE)
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
    CAST(ROW_NUMBER() OVER (PARTITION BY day, customer_id ORDER BY seconds NULLS LAST) AS BIGINT) AS place
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
