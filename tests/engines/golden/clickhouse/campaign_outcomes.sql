WITH together AS (
  SELECT
    p.campaign_id AS campaign_id,
    p.customer_id AS customer_id,
    p.treated AS treated,
    p.start_date AS start_date,
    p.n_messages AS n_messages,
    p.cost AS cost,
    p.both_arms AS both_arms,
    b.accepted_date AS accepted_date,
    b.revenue AS revenue,
    b.margin AS margin,
    b.counted AS counted,
    dateDiff('day', p.start_date, b.accepted_date) AS days
  FROM campaign_people AS p
  LEFT JOIN billed AS b
    ON b.customer_id = p.customer_id
), placed AS (
  SELECT
    *,
    CASE WHEN days >= 0 AND days < 56 THEN 1 ELSE 0 END AS is_after,
    CASE WHEN days < 0 AND days >= -56 THEN 1 ELSE 0 END AS is_before
  FROM together
), summed AS (
  SELECT
    campaign_id,
    customer_id,
    treated,
    start_date,
    n_messages,
    cost,
    both_arms,
    CAST(COUNT(DISTINCT CASE WHEN is_after = 1 AND counted = 1 THEN accepted_date END) AS Nullable(Int64)) AS n_days,
    CAST(SUM(CASE WHEN is_after = 1 THEN counted ELSE 0 END) AS Nullable(Int64)) AS n_orders,
    CAST(SUM(CASE WHEN is_after = 1 THEN COALESCE(revenue, 0) ELSE 0 END) AS Nullable(Int64)) AS revenue,
    CAST(SUM(CASE WHEN is_after = 1 THEN COALESCE(margin, 0) ELSE 0 END) AS Nullable(Int64)) AS margin,
    CAST(SUM(CASE WHEN is_after = 1 AND margin IS NULL THEN 1 ELSE 0 END) AS Nullable(Int64)) AS no_margin,
    CAST(SUM(CASE WHEN is_before = 1 THEN counted ELSE 0 END) AS Nullable(Int64)) AS n_orders_before,
    CAST(SUM(CASE WHEN is_before = 1 THEN COALESCE(revenue, 0) ELSE 0 END) AS Nullable(Int64)) AS revenue_before,
    CAST(SUM(CASE WHEN is_before = 1 THEN COALESCE(margin, 0) ELSE 0 END) AS Nullable(Int64)) AS margin_before,
    CAST(COUNT(
      DISTINCT CASE WHEN days < 0 AND days >= -365 AND counted = 1 THEN accepted_date END
    ) AS Nullable(Int64)) AS days_365_before,
    MIN(CASE WHEN days < 0 AND counted = 1 THEN -days END) AS silent_before
  FROM placed
  GROUP BY
    campaign_id,
    customer_id,
    treated,
    start_date,
    n_messages,
    cost,
    both_arms
)
SELECT
  s.campaign_id AS campaign_id,
  s.customer_id AS customer_id,
  s.treated AS treated,
  s.start_date AS start_date,
  s.n_messages AS n_messages,
  s.cost AS cost,
  s.both_arms AS both_arms,
  c.kind AS kind,
  s.n_days AS n_days,
  s.n_orders AS n_orders,
  s.revenue AS revenue,
  s.margin AS margin,
  s.no_margin AS no_margin,
  s.n_orders_before AS n_orders_before,
  s.revenue_before AS revenue_before,
  s.margin_before AS margin_before,
  s.days_365_before AS days_365_before,
  s.silent_before AS silent_before
FROM summed AS s
LEFT JOIN customers AS c
  ON c.customer_id = s.customer_id
