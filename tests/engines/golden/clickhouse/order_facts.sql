SELECT
  o.order_id AS order_id,
  o.customer_id AS customer_id,
  o.centre AS centre,
  o.accepted_date AS accepted_date,
  o.kind AS kind,
  o.department AS department,
  o.initiated_by AS initiated_by,
  o.pay_type AS pay_type,
  o.place AS place,
  o.outcome AS outcome,
  o.advisor AS advisor,
  o.technician AS technician,
  o.channel AS channel,
  o.revenue AS revenue,
  o.revenue - o.parts_cost - o.labour_cost AS margin,
  CASE WHEN o.outcome = 'cancelled' THEN 0 WHEN o.revenue < 0 THEN 0 ELSE 1 END AS counted,
  CASE WHEN o.outcome = 'cancelled' THEN 1 ELSE 0 END AS is_cancelled,
  CASE WHEN o.rework_of IS NULL THEN 0 ELSE 1 END AS is_rework,
  CASE
    WHEN o.ready_at >= o.accepted_at
    THEN (
      (
        toUnixTimestamp64Micro(CAST(o.ready_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      ) - (
        toUnixTimestamp64Micro(CAST(o.accepted_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    ) / 3600.0
  END AS turnaround_hours,
  CASE
    WHEN o.promised_at IS NULL OR o.ready_at IS NULL
    THEN NULL
    WHEN o.ready_at <= o.promised_at
    THEN 1
    ELSE 0
  END AS promise_kept,
  CAST(toStartOfMonth(o.accepted_date) AS Nullable(Date32)) AS month,
  dateDiff('day', CAST(toMonday(o.accepted_date) AS Nullable(Date32)), o.accepted_date) + 1 AS weekday,
  a.category AS category,
  a.brand AS brand,
  c.kind AS customer_kind,
  c.class AS class,
  c.source AS source,
  c.manager AS manager,
  c.image_value AS image_value,
  c.potential AS potential,
  c.rfm_segment AS rfm_segment,
  c.lifecycle AS lifecycle
FROM orders AS o
LEFT JOIN customer_facts AS c
  ON c.customer_id = o.customer_id
LEFT JOIN assets AS a
  ON a.asset_id = o.asset_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
