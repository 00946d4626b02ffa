"""Signs in orders: a repair done again in the last 180 days, the last order late or over the estimate, three warranty
orders in 365 days. Each stands until its day comes."""

title = "Risk points of orders"
orders = """
 order_id | customer_id | accepted_at      | promised_at      | ready_at         | estimate | revenue | rework_of | pay_type
        1 |           1 | 2025-01-01 12:00 |                  | 2025-01-01 18:00 |          |  100000 |           | customer_pay
        2 |           1 | 2025-01-02 12:00 |                  | 2025-01-02 18:00 |          |  100000 |         1 | customer_pay
        3 |           2 | 2025-01-01 12:00 |                  | 2025-01-01 18:00 |          |  100000 |           | customer_pay
        4 |           2 | 2025-01-01 13:00 |                  | 2025-01-01 18:00 |          |  100000 |         3 | customer_pay
        5 |           3 | 2025-06-01 12:00 | 2025-06-02 12:00 | 2025-06-02 15:30 |          |  100000 |           | customer_pay
        6 |           4 | 2025-06-01 12:00 | 2025-06-02 12:00 | 2025-06-02 15:30 |          |  100000 |           | customer_pay
        7 |           4 | 2025-06-10 12:00 | 2025-06-12 12:00 | 2025-06-12 12:00 |          |  100000 |           | customer_pay
        8 |           5 | 2025-06-01 12:00 |                  | 2025-06-02 12:00 |   100000 |  106000 |           | customer_pay
        9 |           6 | 2025-06-01 12:00 |                  | 2025-06-02 12:00 |   100000 |  105000 |           | customer_pay
       10 |           7 | 2024-08-01 12:00 |                  | 2024-08-01 18:00 |          |       0 |           | warranty
       11 |           7 | 2024-09-01 12:00 |                  | 2024-09-01 18:00 |          |       0 |           | warranty
       12 |           7 | 2025-06-01 12:00 |                  | 2025-06-01 18:00 |          |       0 |           | warranty
       13 |           8 | 2025-05-01 12:00 |                  | 2025-05-01 18:00 |          |       0 |           | warranty
       14 |           8 | 2025-06-01 12:00 |                  | 2025-06-01 18:00 |          |       0 |           | warranty
"""
points = """
 customer_id | point             | order_id | seen_date  | value | expires_date
           1 | repeat_repair     |        2 | 2025-01-02 |   179 | 2025-07-01
           3 | late_last_order   |        5 | 2025-06-02 |     3 | 2026-06-02
           5 | over_estimate     |        8 | 2025-06-02 |  6000 | 2026-06-02
           7 | frequent_warranty |       12 | 2025-06-01 |     3 | 2025-08-01
"""


def test_what_a_client_s_orders_say_against_us(spec_view):
    spec_view("risk_of_orders", points, orders=orders, asof="2025-06-30")
