-- queue_norms: the usual norm of each job, for lines that do not tell theirs.
-- Needs: lines.
-- Gives: name, milli_hours (median over lines of that name that tell it).
SELECT
    name,
    CAST(floor(quantile_cont(norm_hours, 0.5) * 1000 + 0.5) AS BIGINT) AS milli_hours
FROM lines
WHERE norm_hours > 0 AND name IS NOT NULL
GROUP BY name
