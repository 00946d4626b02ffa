"""An order is kept when it was ready no later than first promised. What is not ready yet is not judged."""

from dovolen.insight.metrics import METRICS

title = "Promise kept"
orders = """
 order_id | promised_at      | ready_at
        1 | 2025-01-02 18:00 | 2025-01-02 18:00
        2 | 2025-01-02 18:00 | 2025-01-02 18:01
        3 |                  | 2025-01-03 12:00
        4 | 2025-01-02 18:00 |
"""


def test_a_minute_late_is_late_and_no_promise_is_no_failure(spec):
    spec(orders, METRICS["promise_kept"], numerator=1, denominator=2)
