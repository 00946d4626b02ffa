-- states: the life-cycle state of every served client on each day asked about, first match.
-- Needs: limits, comebacks, customers.
-- Gives: day, customer_id, state, class, limit_days, limit_from, last_date, in_base (1 = new, returned, loyal, active),
--        since_days (days ago the state began; null for loyal and active, whose run is found in runs).
-- Keep.
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
    LEFT JOIN comebacks AS b ON b.day = l.day AND b.customer_id = l.customer_id
    LEFT JOIN customers AS c ON c.customer_id = l.customer_id
),
named AS (
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
            WHEN blocked_date IS NOT NULL THEN 'blocked'
            WHEN silent_days > 3 * limit_days + 0.01 THEN 'lost'
            WHEN silent_days > limit_days + 0.01 THEN 'dormant'
            WHEN date_diff('day', first_date, day) <= 90 THEN 'new'
            WHEN comeback_date IS NOT NULL THEN 'returned'
            WHEN visits_365 >= 4 OR class IN ('regular', 'intermediary') THEN 'loyal'
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
        WHEN 'blocked' THEN date_diff('day', blocked_date, day)
        WHEN 'lost' THEN silent_days - CAST(floor(3 * limit_days + 0.01) AS BIGINT) - 1
        WHEN 'dormant' THEN silent_days - CAST(floor(limit_days + 0.01) AS BIGINT) - 1
        WHEN 'new' THEN date_diff('day', first_date, day)
        WHEN 'returned' THEN date_diff('day', comeback_date, day)
    END AS since_days
FROM named
