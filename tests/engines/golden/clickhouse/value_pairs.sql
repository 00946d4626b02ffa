SELECT
  a.level AS level,
  a.item AS item_a,
  b.item AS item_b,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_both,
  MIN(a.n_item) AS n_a,
  MIN(b.n_item) AS n_b,
  MIN(a.n_all) AS n_all
FROM value_items AS a
JOIN value_items AS b
  ON b.level = a.level AND b.customer_id = a.customer_id AND b.place > a.place
GROUP BY
  a.level,
  a.item,
  b.item
