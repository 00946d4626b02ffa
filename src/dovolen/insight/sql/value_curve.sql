-- value_curve: the Pareto curve, a point a hundredth of the clients from the best down.
-- Needs: value_abc.
-- Gives: measure, kind, hundredth (1 = best), n_clients, amount (of those clients, below nothing too).
SELECT
    measure,
    kind,
    CAST(ceil(CAST(place * 100 AS DOUBLE) / n_clients) AS BIGINT) AS hundredth,
    COUNT(*) AS n_clients,
    CAST(SUM(amount) AS BIGINT) AS amount
FROM value_abc
GROUP BY measure, kind, CAST(ceil(CAST(place * 100 AS DOUBLE) / n_clients) AS BIGINT)
