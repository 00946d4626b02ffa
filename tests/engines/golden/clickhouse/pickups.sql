WITH fetched AS (
  SELECT
    customer_id,
    accepted_date,
    picked_up_date,
    (
      toUnixTimestamp64Micro(CAST(picked_up_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) - (
      toUnixTimestamp64Micro(CAST(COALESCE(notified_at, ready_at) AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS seconds
  FROM orders
  WHERE
    NOT (
      customer_id IS NULL
    )
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
    AND (
      revenue IS NULL OR revenue >= 0
    )
    AND NOT (
      COALESCE(notified_at, ready_at) IS NULL
    )
), taken AS (
  SELECT
    d.day AS day,
    f.customer_id AS customer_id,
    f.seconds AS seconds
  FROM fetched AS f
  JOIN days AS d
    ON f.picked_up_date <= d.day AND f.accepted_date <= d.day
  WHERE
    d.day = CAST('2026-06-30' AS Nullable(Date32))
  UNION ALL
  SELECT
    w.day AS day,
    f.customer_id AS customer_id,
    f.seconds AS seconds
  FROM fetched AS f
  JOIN best_windows AS w
    ON w.customer_id = f.customer_id
    AND f.picked_up_date <= w.day
    AND f.accepted_date <= w.day
  WHERE
    w.brought >= 24 AND w.day <> CAST('2026-06-30' AS Nullable(Date32))
), counted AS (
  SELECT
    day,
    customer_id,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_pickups
  FROM taken
  GROUP BY
    day,
    customer_id
), placed AS (
  SELECT
    day,
    customer_id,
    seconds,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, customer_id ORDER BY seconds) AS Nullable(Int64)) AS place
  FROM taken
)
SELECT
  c.day AS day,
  c.customer_id AS customer_id,
  c.n_pickups AS n_pickups,
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
