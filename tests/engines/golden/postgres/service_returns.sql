WITH followed AS (
  SELECT
    order_id,
    asset_id,
    fault,
    accepted_date,
    accepted,
    COALESCE(scored_date, accepted_date) AS closed_date,
    CASE WHEN outcome IS NULL OR outcome = 'repaired' THEN 1 ELSE 0 END AS repaired,
    LEAD(order_id) OVER (PARTITION BY asset_id, fault ORDER BY accepted, order_id) AS next_id,
    LEAD(accepted_date) OVER (PARTITION BY asset_id, fault ORDER BY accepted, order_id) AS next_date
  FROM service_orders
  WHERE
    NOT fault IS NULL AND fault <> ''
), pairs AS (
  SELECT
    order_id AS earlier_id,
    next_id AS later_id,
    next_date AS back_date
  FROM followed
  WHERE
    repaired = 1
    AND next_date >= closed_date
    AND (
      CAST(next_date AS DATE) - CAST(closed_date AS DATE)
    ) <= 90
  UNION
  SELECT
    e.order_id AS earlier_id,
    l.order_id AS later_id,
    l.accepted_date AS back_date
  FROM service_orders AS l
  JOIN service_orders AS e
    ON e.order_id = l.rework_of
  WHERE
    NOT l.rework_of IS NULL
    AND l.accepted_date >= e.accepted_date
    AND (
      CAST(l.accepted_date AS DATE) - CAST(COALESCE(e.scored_date, e.accepted_date) AS DATE)
    ) <= 90
), both_ways AS (
  SELECT
    earlier_id AS order_id,
    back_date,
    0 AS is_return
  FROM pairs
  UNION ALL
  SELECT
    later_id AS order_id,
    CAST(NULL AS DATE) AS back_date,
    1 AS is_return
  FROM pairs
)
SELECT
  order_id,
  MIN(back_date) AS came_back_date,
  MAX(is_return) AS is_return
FROM both_ways
GROUP BY
  order_id
