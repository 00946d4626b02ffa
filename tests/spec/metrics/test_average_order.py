"""Revenue of counted orders over those of them that have an amount."""

from dovolen.insight.metrics import METRICS

title = "Average order"
orders = """
 order_id | revenue | outcome
        1 |  100000 | repaired
        2 |       0 | repaired
        3 |         |
        4 |  -20000 | repaired
        5 |   70000 | cancelled
"""


def test_a_free_order_pulls_the_average_down_and_one_not_billed_does_not(spec):
    spec(orders, METRICS["average_order"], numerator=100000, denominator=2)
