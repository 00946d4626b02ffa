"""Of counted orders, the share that repeats the work of an earlier one."""

from dovolen.insight.metrics import METRICS

title = "Rework"
orders = """
 order_id | rework_of | outcome
        1 |           | repaired
        2 |         1 | repaired
        3 |         1 | cancelled
        4 |           | repaired
"""


def test_the_second_order_is_the_rework_not_the_first(spec):
    spec(orders, METRICS["rework_share"], numerator=1, denominator=3)
