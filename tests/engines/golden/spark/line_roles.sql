WITH priced AS (
  SELECT
    b.customer_id,
    b.accepted_date,
    l.order_id,
    l.name,
    l.price,
    CAST(BROUND(CAST(FLOOR(l.price * COALESCE(l.quantity, 1) + 0.5) AS DOUBLE)) AS BIGINT) AS amount
  FROM lines AS l
  JOIN billed AS b
    ON b.order_id = l.order_id
  WHERE
    b.counted = 1 AND l.price > 0 AND (
      l.state IS NULL OR l.state <> 'declined'
    )
), cut AS (
  SELECT
    PERCENTILE(price, 0.3333333333333333) AS low_price
  FROM priced
), ranked AS (
  SELECT
    customer_id,
    accepted_date,
    amount,
    price,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY amount DESC, price DESC, name NULLS LAST) AS BIGINT) AS place
  FROM priced
)
SELECT
  r.customer_id,
  r.accepted_date,
  r.amount,
  CASE
    WHEN r.price <= c.low_price + 0.01
    THEN 'cheapest'
    WHEN r.place = 1
    THEN 'base'
    ELSE 'additional'
  END AS role
FROM ranked AS r
CROSS JOIN cut AS c
