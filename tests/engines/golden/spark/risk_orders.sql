WITH approved AS (
  SELECT
    order_id,
    MAX(amount) AS amount
  FROM estimates
  WHERE
    NOT approved_at IS NULL
  GROUP BY
    order_id
), finished AS (
  SELECT
    o.customer_id,
    o.order_id,
    o.asset_id,
    o.accepted_date,
    CASE
      WHEN e.n_ends = 0
      THEN o.accepted_date
      WHEN o.ready_date IS NULL AND o.picked_up_date IS NULL AND NOT o.outcome IS NULL
      THEN o.accepted_date
      WHEN COALESCE(o.ready_date, o.picked_up_date) >= o.accepted_date
      THEN COALESCE(o.ready_date, o.picked_up_date)
      WHEN COALESCE(o.ready_date, o.picked_up_date) < o.accepted_date
      THEN o.accepted_date
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
      THEN CAST(BROUND(
        CAST(FLOOR(
          (
            (
              CAST(UNIX_MICROS(CAST(o.ready_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
            ) - (
              CAST(UNIX_MICROS(CAST(o.promised_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
            )
          ) / 3600.0
        ) AS DOUBLE)
      ) AS BIGINT)
    END AS late_hours
  FROM orders AS o
  CROSS JOIN risk_known AS e
  WHERE
    NOT o.customer_id IS NULL
    AND (
      o.outcome IS NULL OR o.outcome <> 'cancelled'
    )
    AND (
      o.revenue IS NULL OR o.revenue >= 0
    )
    AND o.accepted_date <= CAST('2026-06-30' AS DATE)
)
SELECT
  d.day,
  f.customer_id,
  f.order_id,
  f.asset_id,
  COALESCE(a.category, 'unknown') AS category,
  f.accepted_date,
  CASE WHEN f.done_date <= d.day THEN f.done_date END AS done_date,
  f.revenue,
  f.kind,
  f.pay_type,
  f.outcome,
  f.is_rework,
  f.late_hours,
  f.revenue + COALESCE(f.discount, 0) - GREATEST(COALESCE(f.estimate, p.amount), COALESCE(p.amount, f.estimate)) AS over_amount,
  GREATEST(COALESCE(f.estimate, p.amount), COALESCE(p.amount, f.estimate)) AS agreed,
  a.warranty_until,
  f.promised_at,
  f.repromised_at
FROM finished AS f
JOIN risk_days AS d
  ON f.accepted_date <= d.day
LEFT JOIN approved AS p
  ON p.order_id = f.order_id
LEFT JOIN assets AS a
  ON a.asset_id = f.asset_id
WHERE
  DATEDIFF(d.day, f.accepted_date) < 365
