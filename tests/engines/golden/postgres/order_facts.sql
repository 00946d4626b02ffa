SELECT
  o.order_id,
  o.customer_id,
  o.centre,
  o.accepted_date,
  o.kind,
  o.department,
  o.initiated_by,
  o.pay_type,
  o.place,
  o.outcome,
  o.advisor,
  o.technician,
  o.channel,
  o.revenue,
  o.revenue - o.parts_cost - o.labour_cost AS margin,
  CASE WHEN o.outcome = 'cancelled' THEN 0 WHEN o.revenue < 0 THEN 0 ELSE 1 END AS counted,
  CASE WHEN o.outcome = 'cancelled' THEN 1 ELSE 0 END AS is_cancelled,
  CASE WHEN o.rework_of IS NULL THEN 0 ELSE 1 END AS is_rework,
  CASE
    WHEN o.ready_at >= o.accepted_at
    THEN (
      DATE_PART('epoch', o.ready_at) - DATE_PART('epoch', o.accepted_at)
    ) / 3600.0
  END AS turnaround_hours,
  CASE
    WHEN o.promised_at IS NULL OR o.ready_at IS NULL
    THEN NULL
    WHEN o.ready_at <= o.promised_at
    THEN 1
    ELSE 0
  END AS promise_kept,
  CAST(CAST(DATE_TRUNC('month', o.accepted_date) AS DATE) AS DATE) AS month,
  (
    CAST(o.accepted_date AS DATE) - CAST(CAST(CAST(DATE_TRUNC('week', o.accepted_date) AS DATE) AS DATE) AS DATE)
  ) + 1 AS weekday,
  a.category,
  a.brand,
  c.kind AS customer_kind,
  c.class,
  c.source,
  c.manager,
  c.image_value,
  c.potential,
  c.rfm_segment,
  c.lifecycle
FROM orders AS o
LEFT JOIN customer_facts AS c
  ON c.customer_id = o.customer_id
LEFT JOIN assets AS a
  ON a.asset_id = o.asset_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS DATE)
