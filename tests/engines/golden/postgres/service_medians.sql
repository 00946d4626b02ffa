WITH done AS (
  SELECT
    COALESCE(centre, '') AS centre,
    COALESCE(category, '') AS category,
    COALESCE(kind, '') AS kind,
    CASE WHEN ready >= accepted THEN ready - accepted END AS seconds,
    CASE WHEN revenue > 0 THEN revenue END AS bill
  FROM service_orders
  WHERE
    NOT ready IS NULL
    AND (
      CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(accepted_date AS DATE)
    ) < 730
)
SELECT
  'work' AS level,
  centre,
  category,
  kind,
  CASE
    WHEN COUNT(seconds) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      seconds)
  END AS seconds,
  CASE
    WHEN COUNT(bill) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      bill)
  END AS bill
FROM done
GROUP BY
  centre,
  category,
  kind
UNION ALL
SELECT
  'category' AS level,
  CAST(NULL AS TEXT) AS centre,
  category,
  CAST(NULL AS TEXT) AS kind,
  CASE
    WHEN COUNT(seconds) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      seconds)
  END AS seconds,
  CASE
    WHEN COUNT(bill) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      bill)
  END AS bill
FROM done
WHERE
  category <> ''
GROUP BY
  category
UNION ALL
SELECT
  'base' AS level,
  CAST(NULL AS TEXT) AS centre,
  CAST(NULL AS TEXT) AS category,
  CAST(NULL AS TEXT) AS kind,
  CASE
    WHEN COUNT(seconds) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      seconds)
  END AS seconds,
  CASE
    WHEN COUNT(bill) >= 20
    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
      bill)
  END AS bill
FROM done
