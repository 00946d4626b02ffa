WITH done AS (
  SELECT
    COALESCE(centre, '') AS centre,
    COALESCE(category, '') AS category,
    COALESCE(kind, '') AS kind,
    CASE WHEN ready >= accepted THEN ready - accepted END AS seconds,
    CASE WHEN revenue > 0 THEN revenue END AS bill
  FROM service_orders
  WHERE
    NOT (
      ready IS NULL
    )
    AND dateDiff('day', accepted_date, CAST('2026-06-30' AS Nullable(Date32))) < 730
)
SELECT
  'work' AS level,
  centre,
  category,
  kind,
  CASE
    WHEN CAST(COUNT(seconds) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(seconds)
  END AS seconds,
  CASE
    WHEN CAST(COUNT(bill) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(bill)
  END AS bill
FROM done
GROUP BY
  centre,
  category,
  kind
UNION ALL
SELECT
  'category' AS level,
  CAST(NULL AS Nullable(String)) AS centre,
  category,
  CAST(NULL AS Nullable(String)) AS kind,
  CASE
    WHEN CAST(COUNT(seconds) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(seconds)
  END AS seconds,
  CASE
    WHEN CAST(COUNT(bill) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(bill)
  END AS bill
FROM done
WHERE
  category <> ''
GROUP BY
  category
UNION ALL
SELECT
  'base' AS level,
  CAST(NULL AS Nullable(String)) AS centre,
  CAST(NULL AS Nullable(String)) AS category,
  CAST(NULL AS Nullable(String)) AS kind,
  CASE
    WHEN CAST(COUNT(seconds) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(seconds)
  END AS seconds,
  CASE
    WHEN CAST(COUNT(bill) AS Nullable(Int64)) >= 20
    THEN quantileExactInclusive(0.5)(bill)
  END AS bill
FROM done
