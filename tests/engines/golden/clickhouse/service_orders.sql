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
      WHEN NOT (
        asset_id IS NULL
      ) AND (
        kind IS NULL OR kind IN ('repair', 'body')
      )
      THEN lowerUTF8(fault_text)
    END AS fault,
    accepted_date,
    CASE WHEN ready_date <= CAST('2026-06-30' AS Nullable(Date32)) THEN ready_date END AS ready_date,
    CASE
      WHEN picked_up_date <= CAST('2026-06-30' AS Nullable(Date32))
      THEN picked_up_date
    END AS picked_up_date,
    (
      toUnixTimestamp64Micro(CAST(accepted_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS accepted,
    CASE
      WHEN ready_date <= CAST('2026-06-30' AS Nullable(Date32))
      THEN (
        toUnixTimestamp64Micro(CAST(ready_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    END AS ready,
    CASE
      WHEN (
        toUnixTimestamp64Micro(CAST(notified_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      ) < CAST(1782853200.0 AS Nullable(Float64))
      THEN (
        toUnixTimestamp64Micro(CAST(notified_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    END AS told,
    CASE
      WHEN picked_up_date <= CAST('2026-06-30' AS Nullable(Date32))
      THEN (
        toUnixTimestamp64Micro(CAST(picked_up_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    END AS picked_up,
    (
      toUnixTimestamp64Micro(CAST(promised_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS promised,
    (
      toUnixTimestamp64Micro(CAST(repromised_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS repromised,
    revenue,
    estimate,
    debt,
    rework_of
  FROM orders
  WHERE
    accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
)
SELECT
  k.order_id AS order_id,
  k.customer_id AS customer_id,
  k.asset_id AS asset_id,
  k.centre AS centre,
  a.category AS category,
  k.kind AS kind,
  k.technician AS technician,
  k.advisor AS advisor,
  CASE WHEN NOT (
    COALESCE(k.ready, k.picked_up) IS NULL
  ) THEN k.outcome END AS outcome,
  k.fault AS fault,
  k.accepted_date AS accepted_date,
  COALESCE(k.ready_date, k.picked_up_date) AS done_date,
  COALESCE(k.picked_up_date, k.ready_date) AS scored_date,
  k.accepted AS accepted,
  COALESCE(k.ready, k.picked_up) AS ready,
  k.told AS told,
  k.picked_up AS picked_up,
  k.promised AS promised,
  CASE
    WHEN NOT (
      COALESCE(k.ready, k.picked_up) IS NULL
    )
    OR k.promised < CAST(1782853200.0 AS Nullable(Float64))
    THEN k.repromised
  END AS repromised,
  k.revenue AS revenue,
  k.estimate AS estimate,
  k.debt AS debt,
  k.rework_of AS rework_of
FROM known AS k
LEFT JOIN assets AS a
  ON a.asset_id = k.asset_id
