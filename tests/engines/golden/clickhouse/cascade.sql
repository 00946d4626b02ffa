WITH both_days AS (
  SELECT
    a.customer_id AS customer_id,
    COALESCE(b.state, 'absent') AS state_before,
    a.state AS state_after,
    COALESCE(b.in_base, 0) AS in_before,
    a.in_base AS in_after
  FROM states AS a
  LEFT JOIN (
    SELECT
      customer_id,
      state,
      in_base
    FROM states
    WHERE
      day = CAST('2025-06-30' AS Nullable(Date32))
  ) AS b
    ON b.customer_id = a.customer_id
  WHERE
    a.day = CAST('2026-06-30' AS Nullable(Date32))
)
SELECT
  customer_id,
  state_before,
  state_after,
  CASE
    WHEN in_before = 1 AND in_after = 1
    THEN 'stayed'
    WHEN in_before = 1
    THEN state_after
    WHEN in_after = 1 AND state_before = 'absent'
    THEN 'new'
    WHEN in_after = 1
    THEN 'returned'
    WHEN state_before = 'absent'
    THEN 'passed'
    ELSE 'outside'
  END AS flow
FROM both_days
