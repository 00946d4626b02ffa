-- service_medians: usual hours in repair and usual bill, of a centre's work, of a category, of everything.
-- Needs: service_orders.
-- Gives: level (work, category, base), centre, category, kind (null = all of them), seconds and bill (medians over orders
--        done in the 24 months to the day; null under 20 of them).
WITH done AS (
    SELECT
        coalesce(centre, '') AS centre,
        coalesce(category, '') AS category,
        coalesce(kind, '') AS kind,
        CASE WHEN ready >= accepted THEN ready - accepted END AS seconds,
        CASE WHEN revenue > 0 THEN revenue END AS bill
    FROM service_orders
    WHERE ready IS NOT NULL
      AND date_diff('day', accepted_date, $asof) < 730
)
SELECT
    'work' AS level,
    centre,
    category,
    kind,
    CASE WHEN COUNT(seconds) >= 20 THEN quantile_cont(seconds, 0.5) END AS seconds,
    CASE WHEN COUNT(bill) >= 20 THEN quantile_cont(bill, 0.5) END AS bill
FROM done
GROUP BY centre, category, kind
UNION ALL
SELECT
    'category' AS level,
    CAST(NULL AS VARCHAR) AS centre,
    category,
    CAST(NULL AS VARCHAR) AS kind,
    CASE WHEN COUNT(seconds) >= 20 THEN quantile_cont(seconds, 0.5) END AS seconds,
    CASE WHEN COUNT(bill) >= 20 THEN quantile_cont(bill, 0.5) END AS bill
FROM done
WHERE category <> ''
GROUP BY category
UNION ALL
SELECT
    'base' AS level,
    CAST(NULL AS VARCHAR) AS centre,
    CAST(NULL AS VARCHAR) AS category,
    CAST(NULL AS VARCHAR) AS kind,
    CASE WHEN COUNT(seconds) >= 20 THEN quantile_cont(seconds, 0.5) END AS seconds,
    CASE WHEN COUNT(bill) >= 20 THEN quantile_cont(bill, 0.5) END AS bill
FROM done
