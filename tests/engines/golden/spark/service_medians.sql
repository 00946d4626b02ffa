WITH done AS (
  SELECT
    COALESCE(centre, '') AS centre,
    COALESCE(category, '') AS category,
    COALESCE(kind, '') AS kind,
    CASE WHEN ready >= accepted THEN ready - accepted END AS seconds,
    CASE WHEN revenue > 0 THEN revenue END AS bill
  FROM service_orders
  WHERE
    NOT ready IS NULL AND DATEDIFF(CAST('2026-06-30' AS DATE), accepted_date) < 730
)
SELECT
  'work' AS level,
  centre,
  category,
  kind,
  CASE WHEN COUNT(seconds) >= 20 THEN PERCENTILE(seconds, 0.5) END AS seconds,
  CASE WHEN COUNT(bill) >= 20 THEN PERCENTILE(bill, 0.5) END AS bill
FROM done
GROUP BY
  centre,
  category,
  kind
UNION ALL
SELECT
  'category' AS level,
  CAST(NULL AS STRING) AS centre,
  category,
  CAST(NULL AS STRING) AS kind,
  CASE WHEN COUNT(seconds) >= 20 THEN PERCENTILE(seconds, 0.5) END AS seconds,
  CASE WHEN COUNT(bill) >= 20 THEN PERCENTILE(bill, 0.5) END AS bill
FROM done
WHERE
  category <> ''
GROUP BY
  category
UNION ALL
SELECT
  'base' AS level,
  CAST(NULL AS STRING) AS centre,
  CAST(NULL AS STRING) AS category,
  CAST(NULL AS STRING) AS kind,
  CASE WHEN COUNT(seconds) >= 20 THEN PERCENTILE(seconds, 0.5) END AS seconds,
  CASE WHEN COUNT(bill) >= 20 THEN PERCENTILE(bill, 0.5) END AS bill
FROM done
