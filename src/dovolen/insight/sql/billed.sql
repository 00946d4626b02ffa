-- billed: one row an order that counts for money: a known client, not cancelled.
-- Needs: orders.
-- Gives: customer_id, order_id, asset_id, centre, accepted_date, revenue, margin (null if a cost is missing),
--        worth (what RFM calls money), counted (1 = a visit, 0 = a return: it lowers revenue and is no visit).
SELECT
    customer_id,
    order_id,
    asset_id,
    centre,
    accepted_date,
    revenue,
    revenue - parts_cost - labour_cost AS margin,
    CASE WHEN $rfm_money = 'margin' THEN revenue - parts_cost - labour_cost ELSE revenue END AS worth,
    CASE WHEN revenue IS NULL OR revenue >= 0 THEN 1 ELSE 0 END AS counted
FROM orders
WHERE customer_id IS NOT NULL
  AND (outcome IS NULL OR outcome <> 'cancelled')
  AND accepted_date <= $asof
