"""Counted: not cancelled, revenue not below zero. A return lowers its client's revenue and is no visit."""

title = "Counted orders"
orders = """
 order_id | customer_id | accepted_at      | revenue | outcome
        1 |           1 | 2025-01-10 12:00 |  100000 | repaired
        2 |           1 | 2025-02-10 12:00 |         |
        3 |           1 | 2025-03-10 12:00 |  -30000 |
        4 |           1 | 2025-04-10 12:00 |  500000 | cancelled
        5 |           2 | 2025-01-10 12:00 |       0 | declined
        6 |             | 2025-01-10 12:00 |   70000 | repaired
"""
clients = """
 customer_id | n_orders | n_returns | revenue | first_date | last_date
           1 |        2 |         1 |   70000 | 2025-01-10 | 2025-02-10
           2 |        1 |         0 |       0 | 2025-01-10 | 2025-01-10
"""


def test_a_return_lowers_revenue_and_is_no_order(spec_view):
    spec_view("customer_orders", clients, orders=orders)
