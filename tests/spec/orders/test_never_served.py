"""Clients without a counted order are in the base's list, outside RFM and life cycle."""

title = "Never served"
orders = """
 order_id | customer_id | accepted_at      | revenue | outcome
        1 |           1 | 2025-01-10 12:00 |   10000 |
        2 |           2 | 2025-01-10 12:00 |   10000 | cancelled
        3 |           4 | 2025-01-10 12:00 |   -5000 |
"""
customers = """
 customer_id | name
           1 | Anna
           2 | Boris
           3 | Vera
"""
clients = """
 customer_id | n_orders | revenue | recency_days | rfm_r | lifecycle
           1 |        1 |   10000 |            0 |     2 | new
           2 |        0 |         |              |       |
           3 |        0 |         |              |       |
           4 |        0 |   -5000 |              |       |
"""


def test_a_client_without_a_counted_order_has_neither_grade_nor_state(spec_view):
    spec_view("customer_facts", clients, orders=orders, customers=customers)
