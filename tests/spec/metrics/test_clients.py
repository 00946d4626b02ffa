"""Different clients with a counted order."""

from dovolen.insight.metrics import METRICS

title = "Clients"
orders = """
 order_id | customer_id | revenue | outcome
        1 |           1 |  100000 | repaired
        2 |           1 |  100000 | repaired
        3 |           2 |  100000 | cancelled
        4 |           3 |  -20000 | repaired
        5 |             |  100000 | repaired
"""


def test_a_client_counts_once_and_only_with_a_counted_order(spec):
    spec(orders, METRICS["clients"], numerator=1)
