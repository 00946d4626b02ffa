WITH billing AS (
  SELECT
    customer_id,
    CAST(SUM(
      CASE
        WHEN revenue < 0
        THEN 0
        WHEN parts_cost IS NULL OR labour_cost IS NULL
        THEN 1
        ELSE 0
      END
    ) AS BIGINT) AS n_without_costs,
    CAST(SUM(CASE WHEN NOT parts_cost IS NULL AND NOT labour_cost IS NULL THEN revenue END) AS BIGINT) AS revenue_known,
    CAST(SUM(revenue - parts_cost - labour_cost) AS BIGINT) AS margin,
    CAST(SUM(discount) AS BIGINT) AS discount,
    CAST(SUM(bonus_used) AS BIGINT) AS bonus_used,
    CAST(SUM(debt) AS BIGINT) AS debt
  FROM orders
  WHERE
    NOT customer_id IS NULL
    AND accepted_date <= CAST('2026-06-30' AS DATE)
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
  GROUP BY
    customer_id
), talked AS (
  SELECT
    customer_id,
    COUNT(*) AS n_contacts,
    COUNT(minutes) AS n_timed,
    CAST(SUM(CAST(BROUND(CAST(FLOOR(minutes * 60 + 0.5) AS DOUBLE)) AS BIGINT)) AS BIGINT) AS contact_seconds
  FROM contacts
  WHERE
    CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) <= CAST('2026-06-30' AS DATE)
  GROUP BY
    customer_id
), complained AS (
  SELECT
    customer_id,
    COUNT(*) AS complaints
  FROM cases
  WHERE
    kind = 'complaint'
    AND CAST(FROM_UTC_TIMESTAMP(CAST(opened_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) <= CAST('2026-06-30' AS DATE)
  GROUP BY
    customer_id
), served AS (
  SELECT DISTINCT
    asset_id
  FROM orders
  WHERE
    NOT asset_id IS NULL
    AND accepted_date <= CAST('2026-06-30' AS DATE)
    AND DATEDIFF(CAST('2026-06-30' AS DATE), accepted_date) < 365
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
), owned AS (
  SELECT
    a.customer_id,
    COUNT(*) AS assets_owned,
    COUNT(s.asset_id) AS assets_served
  FROM assets AS a
  LEFT JOIN served AS s
    ON s.asset_id = a.asset_id
  WHERE
    NOT a.customer_id IS NULL
    AND (
      a.left_at IS NULL OR a.left_at > CAST('2026-06-30' AS DATE)
    )
  GROUP BY
    a.customer_id
), referred AS (
  SELECT
    c.referred_by,
    COUNT(*) AS brought,
    CAST(SUM(f.revenue) AS BIGINT) AS brought_revenue
  FROM customers AS c
  JOIN customer_facts AS f
    ON f.customer_id = c.customer_id
  WHERE
    NOT c.referred_by IS NULL AND c.referred_by <> c.customer_id AND f.n_orders > 0
  GROUP BY
    c.referred_by
)
SELECT
  f.customer_id,
  f.n_orders,
  COALESCE(b.n_without_costs, 0) AS n_without_costs,
  f.revenue,
  b.revenue_known,
  b.margin,
  b.discount,
  b.bonus_used,
  b.debt,
  COALESCE(k.complaints, 0) AS complaints,
  COALESCE(t.contact_seconds, 0) AS contact_seconds,
  COALESCE(t.n_contacts, 0) AS n_contacts,
  COALESCE(t.n_timed, 0) AS n_timed,
  COALESCE(w.assets_owned, 0) AS assets_owned,
  COALESCE(w.assets_served, 0) AS assets_served,
  COALESCE(r.brought, 0) AS brought,
  r.brought_revenue
FROM customer_facts AS f
LEFT JOIN billing AS b
  ON b.customer_id = f.customer_id
LEFT JOIN talked AS t
  ON t.customer_id = f.customer_id
LEFT JOIN complained AS k
  ON k.customer_id = f.customer_id
LEFT JOIN owned AS w
  ON w.customer_id = f.customer_id
LEFT JOIN referred AS r
  ON r.referred_by = f.customer_id
