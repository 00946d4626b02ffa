WITH parted AS (
  SELECT
    c.class AS class,
    c.kind AS customer_kind,
    a.category AS category,
    o.technician AS technician,
    CAST(o.campaign_id AS Nullable(String)) AS campaign,
    CASE
      WHEN o.place = 'pre_sale'
      THEN 'pre_sale'
      WHEN o.pay_type IN ('warranty', 'goodwill')
      THEN 'warranty'
      WHEN o.place = 'on_site'
      THEN 'on_site'
      WHEN o.pay_type = 'customer_pay'
      THEN 'customer_pay'
    END AS repair,
    CASE WHEN o.revenue < 0 THEN 0 ELSE 1 END AS counted,
    o.revenue AS revenue,
    o.revenue - o.parts_cost - o.labour_cost AS margin
  FROM orders AS o
  LEFT JOIN customer_facts AS c
    ON c.customer_id = o.customer_id
  LEFT JOIN assets AS a
    ON a.asset_id = o.asset_id
  WHERE
    o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
    AND (
      o.outcome IS NULL OR o.outcome <> 'cancelled'
    )
)
SELECT
  class,
  customer_kind,
  category,
  technician,
  campaign,
  repair,
  CAST(SUM(counted) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(CASE WHEN margin IS NULL THEN counted ELSE 0 END) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(CASE WHEN NOT (
    margin IS NULL
  ) THEN revenue END) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM parted
GROUP BY
  class,
  customer_kind,
  category,
  technician,
  campaign,
  repair
