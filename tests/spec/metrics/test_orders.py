"""Counted orders: neither cancelled nor a return. An order not billed yet counts."""

from dovolen.insight.metrics import METRICS

title = "Orders"
orders = """
 order_id | revenue | outcome
        1 |  100000 | repaired
        2 |       0 | no_fault_found
        3 |         |
        4 |   50000 | cancelled
        5 |  -20000 | repaired
"""


def test_cancelled_orders_and_returns_do_not_count(spec):
    spec(orders, METRICS["orders"], numerator=3)
