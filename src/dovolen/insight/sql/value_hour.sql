-- value_hour: what an hour of work costs the centre. One row.
-- Needs: lines.
-- Gives: cost (minor units) and milli_hours (thousandths of a norm-hour) of lines of labour that tell both.
SELECT
    CAST(SUM(CAST(floor(cost * coalesce(quantity, 1) + 0.5) AS BIGINT)) AS BIGINT) AS cost,
    CAST(SUM(CAST(floor(norm_hours * 1000 + 0.5) AS BIGINT)) AS BIGINT) AS milli_hours
FROM lines
WHERE kind = 'labour' AND cost > 0 AND norm_hours > 0
