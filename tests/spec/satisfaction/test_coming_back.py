"""An asset that came back within 90 days of the end of a repair makes a failure of that repair: its order says so by
`rework_of`, or it is the next order of the asset with the same words for the fault. The later order was not fixed the
first time, nor was one that waited for parts. Coming back after a repair that was late is worse. What comes back after
the day of the study is not known yet."""

title = "Coming back"
orders = """
 order_id | asset_id | accepted_at      | promised_at      | ready_at         | picked_up_at     | fault_text | rework_of | kind   | outcome
        1 | 1        | 2025-01-01 12:00 | 2025-01-02 12:00 | 2025-01-03 12:00 | 2025-01-10 12:00 | не греет   |           | repair | repaired
        2 | 1        | 2025-04-10 12:00 |                  | 2025-04-11 12:00 |                  | Не греет   |           | repair | repaired
        3 | 1        | 2025-07-11 12:00 |                  |                  |                  | не греет   |           | repair |
        4 | 2        | 2025-01-01 12:00 |                  | 2025-01-02 12:00 |                  | шумит      |           | repair | repaired
        5 | 3        | 2025-02-01 12:00 |                  | 2025-02-02 12:00 |                  |            | 4         | repair | repaired
        6 | 4        | 2025-01-01 12:00 |                  | 2025-01-01 13:00 |                  | мойка      |           | wash   | repaired
        7 | 4        | 2025-01-20 12:00 |                  | 2025-01-20 13:00 |                  | мойка      |           | wash   | repaired
        8 | 5        | 2025-01-01 12:00 |                  | 2025-01-02 12:00 |                  | треск      |           |        | declined
        9 | 5        | 2025-01-20 12:00 |                  | 2025-01-21 12:00 |                  | треск      |           |        | repaired
       10 | 6        | 2025-07-01 12:00 |                  | 2025-07-02 12:00 |                  | не видит   |           | repair | repaired
       11 | 6        | 2025-08-01 12:00 |                  | 2025-08-02 12:00 |                  | не видит   |           | repair | repaired
"""
stages = """
 order_id | stage         | entered_at
        4 | accepted      | 2025-01-01 12:00
        4 | waiting_parts | 2025-01-01 13:00
        4 | ready         | 2025-01-02 12:00
"""
facts = """
 order_id | came_back | came_back_date | came_back_late | not_first_time
        1 | 1         | 2025-04-10     | 1              | 0
        2 | 0         |                | 0              | 1
        3 | 0         |                | 0              | 0
        4 | 1         | 2025-02-01     |                | 1
        5 | 0         |                | 0              | 1
        6 | 0         |                | 0              | 0
        7 | 0         |                | 0              | 0
        8 | 0         |                | 0              | 0
        9 | 0         |                | 0              | 0
       10 | 0         |                | 0              | 0
"""


def test_the_same_fault_within_ninety_days_is_a_failure_of_the_first_repair(spec_view):
    spec_view("service_facts", facts, orders=orders, stages=stages, asof="2025-07-31")
