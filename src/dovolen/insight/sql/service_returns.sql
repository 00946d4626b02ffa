-- service_returns: one row an order whose asset came back, or that is itself such a return, within $rework_days.
-- Needs: service_orders.
-- Gives: order_id, came_back_date (when its asset came back first; null if it did not), is_return (1 = it repeats an
--        earlier order).
-- A return is named by rework_of, or is the next order of the same asset with the same words for the fault after an
-- order that was not declined. Days run from the end of the earlier repair.
-- Keep.
WITH followed AS (
    SELECT
        order_id,
        asset_id,
        fault,
        accepted_date,
        accepted,
        coalesce(scored_date, accepted_date) AS closed_date,
        CASE WHEN outcome IS NULL OR outcome = 'repaired' THEN 1 ELSE 0 END AS repaired,
        LEAD(order_id) OVER (PARTITION BY asset_id, fault ORDER BY accepted, order_id) AS next_id,
        LEAD(accepted_date) OVER (PARTITION BY asset_id, fault ORDER BY accepted, order_id) AS next_date
    FROM service_orders
    WHERE fault IS NOT NULL AND fault <> ''
),
pairs AS (
    SELECT order_id AS earlier_id, next_id AS later_id, next_date AS back_date
    FROM followed
    WHERE repaired = 1
      AND next_date >= closed_date
      AND date_diff('day', closed_date, next_date) <= $rework_days
    UNION
    SELECT e.order_id AS earlier_id, l.order_id AS later_id, l.accepted_date AS back_date
    FROM service_orders AS l
    JOIN service_orders AS e ON e.order_id = l.rework_of
    WHERE l.rework_of IS NOT NULL
      AND l.accepted_date >= e.accepted_date
      AND date_diff('day', coalesce(e.scored_date, e.accepted_date), l.accepted_date) <= $rework_days
),
both_ways AS (
    SELECT earlier_id AS order_id, back_date, 0 AS is_return
    FROM pairs
    UNION ALL
    SELECT later_id AS order_id, CAST(NULL AS DATE) AS back_date, 1 AS is_return
    FROM pairs
)
SELECT
    order_id,
    MIN(back_date) AS came_back_date,
    MAX(is_return) AS is_return
FROM both_ways
GROUP BY order_id
