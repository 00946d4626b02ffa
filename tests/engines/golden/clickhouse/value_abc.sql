SELECT
  r.measure AS measure,
  r.customer_id AS customer_id,
  r.kind AS kind,
  r.amount AS amount,
  r.place AS place,
  r.n_clients AS n_clients,
  r.before AS before,
  r.total AS total,
  CASE
    WHEN r.amount > c.a_amount
    OR (
      r.amount = c.a_amount AND r.customer_id <= c.a_customer_id
    )
    THEN 'A'
    WHEN r.amount > c.b_amount
    OR (
      r.amount = c.b_amount AND r.customer_id <= c.b_customer_id
    )
    THEN 'B'
    ELSE 'C'
  END AS abc
FROM value_ranked AS r
LEFT JOIN value_abc_cuts AS c
  ON c.measure = r.measure AND c.kind = r.kind
