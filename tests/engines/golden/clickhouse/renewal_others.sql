WITH named AS (
  SELECT
    f.customer_id AS customer_id,
    f.name AS name,
    CASE WHEN d.customer_id IS NULL THEN 'dormant' ELSE 'declined' END AS source,
    d.request AS request,
    COALESCE(d.declined_date, f.last_at) AS since_date,
    CASE WHEN d.customer_id IS NULL THEN f.revenue ELSE d.amount END AS amount
  FROM customer_facts AS f
  LEFT JOIN renewal_declined AS d
    ON d.customer_id = f.customer_id
  WHERE
    (
      f.lifecycle IS NULL OR f.lifecycle <> 'blocked'
    )
    AND (
      NOT (
        d.customer_id IS NULL
      ) OR f.lifecycle = 'dormant'
    )
), open_leads AS (
  SELECT DISTINCT
    customer_id
  FROM renewal_leads
  WHERE
    outcome IS NULL AND NOT (
      customer_id IS NULL
    )
)
SELECT
  n.customer_id AS customer_id,
  n.name AS name,
  n.source AS source,
  n.request AS request,
  n.since_date AS since_date,
  n.amount AS amount
FROM named AS n
LEFT JOIN open_leads AS l
  ON l.customer_id = n.customer_id
WHERE
  l.customer_id IS NULL
