WITH marked AS (
  SELECT
    service_facts.*,
    CASE
      WHEN stages_at_once = 1 OR norms_broken > 0
      THEN 1
      WHEN stages_at_once = 0
      THEN 0
    END AS stages_unkept
  FROM service_facts
), followed AS (
  SELECT
    marked.*,
    CAST(ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY accepted_date, order_id) AS Nullable(Int64)) AS place,
    lag(asset_id) OVER (PARTITION BY customer_id ORDER BY accepted_date, order_id) AS asset_1,
    lag(asset_id, 2) OVER (PARTITION BY customer_id ORDER BY accepted_date, order_id) AS asset_2,
    CAST(SUM(CASE WHEN stages_unkept = 1 AND cost_ratio > 1.2 THEN 1 ELSE 0 END) OVER (
      PARTITION BY customer_id
      ORDER BY accepted_date, order_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS Nullable(Int64)) AS low_repairs
  FROM marked
)
SELECT
  f.*,
  CASE
    WHEN f.customer_id IS NULL OR f.asset_id IS NULL
    THEN NULL
    WHEN f.place = 1
    THEN 0
    WHEN f.asset_1 IS NULL
    THEN NULL
    WHEN f.place = 2
    THEN CASE WHEN f.asset_1 <> f.asset_id THEN 2 ELSE 0 END
    WHEN f.asset_2 IS NULL
    THEN NULL
    WHEN f.asset_1 <> f.asset_id AND f.asset_2 <> f.asset_id AND f.asset_1 <> f.asset_2
    THEN 3
    ELSE 1
  END AS variety,
  CASE
    WHEN f.customer_id IS NULL OR f.stages_unkept IS NULL OR f.cost_ratio IS NULL
    THEN NULL
    WHEN f.low_repairs > 0
    THEN 1
    ELSE 0
  END AS low_repair,
  CASE c.class WHEN 'intermediary' THEN 2 WHEN 'regular' THEN 1 WHEN 'one_off' THEN 0 END AS class_level,
  CASE
    WHEN NOT (
      f.customer_id IS NULL
    )
    THEN CASE WHEN f.place > 3 THEN 1 ELSE 0 END
  END AS source_regular
FROM followed AS f
LEFT JOIN customer_facts AS c
  ON c.customer_id = f.customer_id
