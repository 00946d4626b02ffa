-- line_roles: what part a line plays in its order.
-- Needs: lines, billed.
-- Gives: customer_id, accepted_date, amount (minor units), role: cheapest (its price is in the lowest third of all
--        lines), else base (the dearest line of its order), else additional.
WITH priced AS (
    SELECT
        b.customer_id,
        b.accepted_date,
        l.order_id,
        l.name,
        l.price,
        CAST(floor(l.price * coalesce(l.quantity, 1) + 0.5) AS BIGINT) AS amount
    FROM lines AS l
    JOIN billed AS b ON b.order_id = l.order_id
    WHERE b.counted = 1 AND l.price > 0 AND (l.state IS NULL OR l.state <> 'declined')
),
cut AS (
    SELECT quantile_cont(price, $third) AS low_price FROM priced
),
ranked AS (
    SELECT
        customer_id,
        accepted_date,
        amount,
        price,
        ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY amount DESC, price DESC, name NULLS LAST) AS place
    FROM priced
)
SELECT
    r.customer_id,
    r.accepted_date,
    r.amount,
    CASE WHEN r.price <= c.low_price + 0.01 THEN 'cheapest' WHEN r.place = 1 THEN 'base' ELSE 'additional' END AS role
FROM ranked AS r
CROSS JOIN cut AS c
