-- pickups: how fast a client takes his assets back once told: on the study's day every client, on days before it those
--          alone who brought enough to be intermediaries.
-- Needs: orders, days, best_windows.
-- Gives: day, customer_id, n_pickups, pickup_seconds (median from notified_at, else ready_at, to picked_up_at).
-- Keep.
WITH fetched AS (
    SELECT
        customer_id,
        accepted_date,
        picked_up_date,
        epoch(picked_up_at) - epoch(coalesce(notified_at, ready_at)) AS seconds
    FROM orders
    WHERE customer_id IS NOT NULL
      AND (outcome IS NULL OR outcome <> 'cancelled')
      AND (revenue IS NULL OR revenue >= 0)
      AND coalesce(notified_at, ready_at) IS NOT NULL
),
taken AS (
    SELECT d.day, f.customer_id, f.seconds
    FROM fetched AS f
    JOIN days AS d ON f.picked_up_date <= d.day AND f.accepted_date <= d.day
    WHERE d.day = $asof
    UNION ALL
    SELECT w.day, f.customer_id, f.seconds
    FROM fetched AS f
    JOIN best_windows AS w
        ON w.customer_id = f.customer_id AND f.picked_up_date <= w.day AND f.accepted_date <= w.day
    WHERE w.brought >= $window_assets AND w.day <> $asof
),
counted AS (
    SELECT day, customer_id, COUNT(*) AS n_pickups
    FROM taken
    GROUP BY day, customer_id
),
placed AS (
    -- For the middle ones of a sorted list: the aggregate would hold a list for each client and day.
    SELECT
        day,
        customer_id,
        seconds,
        ROW_NUMBER() OVER (PARTITION BY day, customer_id ORDER BY seconds) AS place
    FROM taken
)
SELECT
    c.day,
    c.customer_id,
    c.n_pickups,
    MIN(p.seconds) + (MAX(p.seconds) - MIN(p.seconds)) * 0.5 AS pickup_seconds
FROM counted AS c
JOIN placed AS p ON p.day = c.day AND p.customer_id = c.customer_id
WHERE p.place * 2 >= c.n_pickups AND p.place * 2 <= c.n_pickups + 2
GROUP BY c.day, c.customer_id, c.n_pickups
