WITH of_contacts AS (
  SELECT
    MIN(
      CASE
        WHEN NOT c.direction IS NULL
        THEN (
          CAST(UNIX_MICROS(CAST(c.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
        )
      END
    ) AS contacts_since
  FROM contacts AS c
), of_cases AS (
  SELECT
    MAX(CASE WHEN NOT kind IS NULL THEN 1 END) AS complaints
  FROM cases
), of_events AS (
  SELECT
    MAX(CASE WHEN kind = 'dispute' THEN 1 END) AS disputes
  FROM events
), of_promises AS (
  SELECT
    MAX(CASE WHEN NOT promised_at IS NULL THEN 1 END) AS moves
  FROM promises
), of_orders AS (
  SELECT
    MAX(CASE WHEN NOT rework_of IS NULL OR NOT fault IS NULL THEN 1 END) AS returns,
    MAX(CASE WHEN NOT repromised IS NULL THEN 1 END) AS moves,
    MAX(CASE WHEN NOT told IS NULL THEN 1 END) AS told,
    MAX(CASE WHEN NOT debt IS NULL THEN 1 END) AS debts
  FROM service_orders
)
SELECT
  c.contacts_since,
  k.complaints,
  o.returns,
  COALESCE(p.moves, o.moves) AS moves,
  o.told,
  COALESCE(o.debts, e.disputes) AS debts
FROM of_orders AS o
CROSS JOIN of_contacts AS c
CROSS JOIN of_cases AS k
CROSS JOIN of_events AS e
CROSS JOIN of_promises AS p
