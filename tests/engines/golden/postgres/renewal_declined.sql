WITH refused AS (
  SELECT
    o.customer_id,
    o.order_id,
    o.accepted_date,
    o.fault_text,
    o.outcome,
    l.name,
    CASE
      WHEN l.state = 'declined'
      THEN CAST(FLOOR(l.price * COALESCE(l.quantity, 1) + 0.5) AS BIGINT)
    END AS amount
  FROM orders AS o
  LEFT JOIN lines AS l
    ON l.order_id = o.order_id AND l.state = 'declined'
  WHERE
    NOT o.customer_id IS NULL
    AND (
      o.outcome = 'declined' OR l.state = 'declined'
    )
    AND o.accepted_date <= CAST('2026-06-30' AS DATE)
    AND (
      CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(o.accepted_date AS DATE)
    ) < 365
), since AS (
  SELECT
    customer_id,
    MAX(visit_date) AS last_date
  FROM client_days
  GROUP BY
    customer_id
), placed AS (
  SELECT
    r.customer_id,
    r.order_id,
    r.accepted_date,
    COALESCE(r.name, r.fault_text) AS request,
    CAST(SUM(r.amount) OVER (PARTITION BY r.order_id) AS BIGINT) AS amount,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY r.customer_id
      ORDER BY r.accepted_date DESC NULLS LAST, r.amount DESC NULLS LAST, r.order_id DESC NULLS LAST, r.name
    ) AS BIGINT) AS place
  FROM refused AS r
  LEFT JOIN since AS s
    ON s.customer_id = r.customer_id
  WHERE
    s.last_date IS NULL OR s.last_date <= r.accepted_date
)
SELECT
  customer_id,
  accepted_date AS declined_date,
  request,
  CAST(amount AS BIGINT) AS amount
FROM placed
WHERE
  place = 1
