WITH last_places AS (
  SELECT
    measure,
    kind,
    MAX(CASE WHEN amount > 0 AND before * 100 < total * 80 THEN place END) AS a_place,
    MAX(CASE WHEN amount > 0 AND before * 100 < total * 95 THEN place END) AS b_place
  FROM value_ranked
  GROUP BY
    measure,
    kind
)
SELECT
  r.measure,
  r.kind,
  MAX(CASE WHEN r.place = l.a_place THEN r.amount END) AS a_amount,
  MAX(CASE WHEN r.place = l.a_place THEN r.customer_id END) AS a_customer_id,
  MAX(CASE WHEN r.place = l.b_place THEN r.amount END) AS b_amount,
  MAX(CASE WHEN r.place = l.b_place THEN r.customer_id END) AS b_customer_id
FROM value_ranked AS r
JOIN last_places AS l
  ON l.measure = r.measure AND l.kind = r.kind
WHERE
  r.place = l.a_place OR r.place = l.b_place
GROUP BY
  r.measure,
  r.kind
