WITH known AS (
  SELECT
    order_id,
    customer_id,
    asset_id,
    centre,
    kind,
    technician,
    advisor,
    outcome,
    CASE
      WHEN NOT asset_id IS NULL AND (
        kind IS NULL OR kind IN ('repair', 'body')
      )
      THEN LOWER(fault_text)
    END AS fault,
    accepted_date,
    CASE WHEN ready_date <= CAST('2026-06-30' AS DATE) THEN ready_date END AS ready_date,
    CASE WHEN picked_up_date <= CAST('2026-06-30' AS DATE) THEN picked_up_date END AS picked_up_date,
    DATE_PART('epoch', accepted_at) AS accepted,
    CASE
      WHEN ready_date <= CAST('2026-06-30' AS DATE)
      THEN DATE_PART('epoch', ready_at)
    END AS ready,
    CASE
      WHEN DATE_PART('epoch', notified_at) < CAST(1782853200.0 AS DOUBLE PRECISION)
      THEN DATE_PART('epoch', notified_at)
    END AS told,
    CASE
      WHEN picked_up_date <= CAST('2026-06-30' AS DATE)
      THEN DATE_PART('epoch', picked_up_at)
    END AS picked_up,
    DATE_PART('epoch', promised_at) AS promised,
    DATE_PART('epoch', repromised_at) AS repromised,
    revenue,
    estimate,
    debt,
    rework_of
  FROM orders
  WHERE
    accepted_date <= CAST('2026-06-30' AS DATE)
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
)
SELECT
  k.order_id,
  k.customer_id,
  k.asset_id,
  k.centre,
  a.category,
  k.kind,
  k.technician,
  k.advisor,
  CASE WHEN NOT COALESCE(k.ready, k.picked_up) IS NULL THEN k.outcome END AS outcome,
  k.fault,
  k.accepted_date,
  COALESCE(k.ready_date, k.picked_up_date) AS done_date,
  COALESCE(k.picked_up_date, k.ready_date) AS scored_date,
  k.accepted,
  COALESCE(k.ready, k.picked_up) AS ready,
  k.told,
  k.picked_up,
  k.promised,
  CASE
    WHEN NOT COALESCE(k.ready, k.picked_up) IS NULL
    OR k.promised < CAST(1782853200.0 AS DOUBLE PRECISION)
    THEN k.repromised
  END AS repromised,
  k.revenue,
  k.estimate,
  k.debt,
  k.rework_of
FROM known AS k
LEFT JOIN assets AS a
  ON a.asset_id = k.asset_id
