"""Of all orders, the share that was cancelled. An unknown outcome is not cancelled."""

from dovolen.insight.metrics import METRICS

title = "Cancelled"
orders = """
 order_id | outcome
        1 | cancelled
        2 | repaired
        3 | declined
        4 |
"""


def test_declined_work_is_not_a_cancelled_order(spec):
    spec(orders, METRICS["cancelled_share"], numerator=1, denominator=4)
