"""Hours from intake to ready, over counted orders that are ready. Ready before intake is no length of time."""

from dovolen.insight.metrics import METRICS

title = "Turnaround"
orders = """
 order_id | accepted_at      | ready_at         | outcome
        1 | 2025-01-01 12:00 | 2025-01-02 18:00 | repaired
        2 | 2025-01-01 12:00 | 2025-01-01 12:00 | repaired
        3 | 2025-01-01 12:00 |                  | repaired
        4 | 2025-01-01 12:00 | 2025-01-01 11:59 | repaired
        5 | 2025-01-01 12:00 | 2025-01-09 12:00 | cancelled
"""
over_night = """
 order_id | accepted_at      | ready_at
        1 | 2025-10-25 18:00 | 2025-10-26 09:00
"""


def test_nights_count_as_hours_and_what_is_not_ready_is_not_judged(spec):
    spec(orders, METRICS["turnaround"], numerator=30.0, denominator=2)


def test_the_night_when_clocks_go_back_is_an_hour_longer(spec):
    spec(over_night, METRICS["turnaround"], numerator=16.0, denominator=1, zone="Europe/Berlin")
