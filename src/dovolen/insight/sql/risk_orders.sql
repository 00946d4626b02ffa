-- risk_orders: orders of the 365 days to each day asked about, as known on it.
-- Needs: orders, risk_days, risk_known, estimates, assets.
-- Gives: day, customer_id, order_id, asset_id, category, accepted_date, done_date (ready, else picked up; null while it
--        is open; the day it was taken in where the source knows no ends), revenue, kind, pay_type, outcome, is_rework,
--        late_hours (done after the first promise), over_amount (bill before discount less the agreed estimate), agreed,
--        warranty_until (of the asset), promised_at, repromised_at.
-- Keep.
WITH approved AS (
    SELECT order_id, MAX(amount) AS amount
    FROM estimates
    WHERE approved_at IS NOT NULL
    GROUP BY order_id
),
finished AS (
    SELECT
        o.customer_id,
        o.order_id,
        o.asset_id,
        o.accepted_date,
        CASE
            WHEN e.n_ends = 0 THEN o.accepted_date
            WHEN o.ready_date IS NULL AND o.picked_up_date IS NULL AND o.outcome IS NOT NULL THEN o.accepted_date
            WHEN coalesce(o.ready_date, o.picked_up_date) >= o.accepted_date THEN coalesce(o.ready_date, o.picked_up_date)
            WHEN coalesce(o.ready_date, o.picked_up_date) < o.accepted_date THEN o.accepted_date
        END AS done_date,
        o.revenue,
        o.discount,
        o.estimate,
        o.kind,
        o.pay_type,
        o.outcome,
        CASE WHEN o.rework_of IS NULL THEN 0 ELSE 1 END AS is_rework,
        o.promised_at,
        o.repromised_at,
        CASE
            WHEN o.ready_at > o.promised_at
                THEN CAST(floor((epoch(o.ready_at) - epoch(o.promised_at)) / 3600.0) AS BIGINT)
        END AS late_hours
    FROM orders AS o
    CROSS JOIN risk_known AS e
    WHERE o.customer_id IS NOT NULL
      AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
      AND (o.revenue IS NULL OR o.revenue >= 0)
      AND o.accepted_date <= $asof
)
SELECT
    d.day,
    f.customer_id,
    f.order_id,
    f.asset_id,
    coalesce(a.category, 'unknown') AS category,
    f.accepted_date,
    CASE WHEN f.done_date <= d.day THEN f.done_date END AS done_date,
    f.revenue,
    f.kind,
    f.pay_type,
    f.outcome,
    f.is_rework,
    f.late_hours,
    f.revenue + coalesce(f.discount, 0)
        - greatest(coalesce(f.estimate, p.amount), coalesce(p.amount, f.estimate)) AS over_amount,
    greatest(coalesce(f.estimate, p.amount), coalesce(p.amount, f.estimate)) AS agreed,
    a.warranty_until,
    f.promised_at,
    f.repromised_at
FROM finished AS f
JOIN risk_days AS d ON f.accepted_date <= d.day
LEFT JOIN approved AS p ON p.order_id = f.order_id
LEFT JOIN assets AS a ON a.asset_id = f.asset_id
WHERE date_diff('day', f.accepted_date, d.day) < 365
