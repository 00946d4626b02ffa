"""Billed after discount, tax as in the source, without cancelled orders."""

from dovolen.insight.metrics import METRICS

title = "Revenue"
orders = """
 order_id | revenue | outcome
        1 |  100000 | repaired
        2 |   50000 | cancelled
        3 |  -20000 | repaired
        4 |         |
"""


def test_a_return_lowers_revenue_and_a_cancelled_order_brings_none(spec):
    spec(orders, METRICS["revenue"], numerator=80000)
