-- classes: the class of every client on each day asked about, first match: set by hand, intermediary, regular, one-off.
-- Needs: day_customers, day_assets, day_categories, best_windows, pickups, customers.
-- Gives: day, customer_id, class, category, n_assets, brought_window, n_pickups, pickup_seconds, regular_mark,
--        class_reasons (what the rule saw, `name=value` by semicolons). Pickups are told as far as `pickups` knows them.
-- Keep.
WITH signs AS (
    SELECT
        d.day,
        d.customer_id,
        d.orders_91,
        g.category,
        coalesce(a.n_assets, 0) AS n_assets,
        coalesce(w.brought, 0) AS brought_window,
        coalesce(p.n_pickups, 0) AS n_pickups,
        p.pickup_seconds,
        CASE WHEN c.regular_mark THEN 1 ELSE 0 END AS regular_mark,
        CASE WHEN c.class_hand_date IS NULL OR c.class_hand_date <= d.day THEN c.class_hand END AS class_hand
    FROM day_customers AS d
    JOIN day_categories AS g ON g.day = d.day AND g.customer_id = d.customer_id
    LEFT JOIN day_assets AS a ON a.day = d.day AND a.customer_id = d.customer_id
    LEFT JOIN best_windows AS w ON w.day = d.day AND w.customer_id = d.customer_id
    LEFT JOIN pickups AS p ON p.day = d.day AND p.customer_id = d.customer_id
    LEFT JOIN customers AS c ON c.customer_id = d.customer_id
),
judged AS (
    SELECT
        day,
        customer_id,
        category,
        orders_91,
        n_assets,
        brought_window,
        n_pickups,
        pickup_seconds,
        regular_mark,
        class_hand,
        CASE
            WHEN brought_window >= $window_assets AND n_pickups >= $pickups_min
                AND pickup_seconds <= $pickup_seconds + 0.01 THEN 1
            ELSE 0
        END AS is_intermediary
    FROM signs
)
SELECT
    day,
    customer_id,
    CASE
        WHEN class_hand IS NOT NULL THEN class_hand
        WHEN is_intermediary = 1 THEN 'intermediary'
        WHEN regular_mark = 1 OR orders_91 >= $regular_orders OR n_assets >= $regular_assets THEN 'regular'
        ELSE 'one_off'
    END AS class,
    category,
    n_assets,
    brought_window,
    n_pickups,
    pickup_seconds,
    regular_mark,
    CASE WHEN class_hand IS NOT NULL THEN 'by_hand=1;' ELSE '' END
        || CASE WHEN is_intermediary = 1 THEN 'assets_8_weeks=' || CAST(brought_window AS VARCHAR) || ';' ELSE '' END
        || CASE WHEN is_intermediary = 1 THEN 'fast_pickups=' || CAST(n_pickups AS VARCHAR) || ';' ELSE '' END
        || CASE WHEN regular_mark = 1 THEN 'marked=1;' ELSE '' END
        || CASE WHEN orders_91 >= $regular_orders THEN 'orders_91=' || CAST(orders_91 AS VARCHAR) || ';' ELSE '' END
        || CASE WHEN n_assets >= $regular_assets THEN 'assets=' || CAST(n_assets AS VARCHAR) || ';' ELSE '' END
        AS class_reasons
FROM judged
