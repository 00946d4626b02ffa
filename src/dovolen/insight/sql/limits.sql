-- limits: how long a client may be silent before he counts as dormant, and whose rhythm said so.
-- Needs: day_customers, classes, group_gaps.
-- Gives: day, customer_id, group_limit (without his own rhythm), limit_days, limit_from (own, group, base, default),
--        first_date, last_date, visits_365, silent_days, class.
-- Keep.
WITH known AS (
    SELECT
        d.day,
        d.customer_id,
        d.first_date,
        d.last_date,
        d.visits_365,
        k.class,
        date_diff('day', d.last_date, d.day) AS silent_days,
        CASE WHEN d.n_visits >= 4 THEN d.own_quantile END AS own_quantile,
        CASE WHEN g.n_gaps >= 20 THEN g.gap_quantile END AS group_quantile,
        CASE WHEN b.n_gaps >= 20 THEN b.gap_quantile END AS base_quantile
    FROM day_customers AS d
    JOIN classes AS k ON k.day = d.day AND k.customer_id = d.customer_id
    LEFT JOIN group_gaps AS g ON g.day = d.day AND g.class = k.class AND g.category = k.category
    LEFT JOIN group_gaps AS b ON b.day = d.day AND b.class = '*' AND b.category = '*'
)
SELECT
    day,
    customer_id,
    first_date,
    last_date,
    visits_365,
    silent_days,
    class,
    greatest($limit_floor, coalesce(group_quantile, base_quantile, $limit_default)) AS group_limit,
    greatest($limit_floor, coalesce(own_quantile, group_quantile, base_quantile, $limit_default)) AS limit_days,
    CASE
        WHEN own_quantile IS NOT NULL THEN 'own'
        WHEN group_quantile IS NOT NULL THEN 'group'
        WHEN base_quantile IS NOT NULL THEN 'base'
        ELSE 'default'
    END AS limit_from
FROM known
