"""Revenue less parts and labour at cost; an order that lacks one of the costs has no margin."""

from dovolen.insight.metrics import METRICS

title = "Margin"
orders = """
 order_id | revenue | parts_cost | labour_cost | outcome
        1 |  100000 |      30000 |       20000 | repaired
        2 |  100000 |            |       20000 | repaired
        3 |  100000 |          0 |      120000 | repaired
        4 |  100000 |      30000 |       20000 | cancelled
"""


def test_a_missing_cost_is_not_zero_and_a_loss_is_a_loss(spec):
    spec(orders, METRICS["margin"], numerator=30000)
