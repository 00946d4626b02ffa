-- value_abc: the letter of every served client, persons and companies apart, by revenue and by margin.
-- Needs: value_ranked, value_abc_cuts.
-- Gives: all of value_ranked, abc (A or B to the last client of the letter, of equal amounts by identifier; else C).
-- Keep.
SELECT
    r.measure,
    r.customer_id,
    r.kind,
    r.amount,
    r.place,
    r.n_clients,
    r.before,
    r.total,
    CASE
        WHEN r.amount > c.a_amount OR (r.amount = c.a_amount AND r.customer_id <= c.a_customer_id) THEN 'A'
        WHEN r.amount > c.b_amount OR (r.amount = c.b_amount AND r.customer_id <= c.b_customer_id) THEN 'B'
        ELSE 'C'
    END AS abc
FROM value_ranked AS r
LEFT JOIN value_abc_cuts AS c ON c.measure = r.measure AND c.kind = r.kind
