"""Stages: those longer than their norm, those of over two days, hours waiting for parts, how often another technician
took over, whether they were marked one by one (three minutes apart at least, pickup aside), and where an order stood
longest beyond the norm. Nothing is known of an order without stages."""

title = "Stages of a repair"
orders = """
 order_id | accepted_at      | ready_at         | notified_at      | picked_up_at     | outcome
        1 | 2025-01-01 12:00 | 2025-01-06 12:00 | 2025-01-06 13:00 | 2025-01-06 18:00 | repaired
        2 | 2025-01-01 12:00 | 2025-01-01 14:00 |                  | 2025-01-01 15:00 | declined
        3 | 2025-01-01 12:00 | 2025-01-01 14:00 | 2025-01-01 14:00 |                  |
"""
stages = """
 order_id | stage         | entered_at          | norm_hours | technician
        1 | accepted      | 2025-01-01 12:00    |          2 | Иванов
        1 | diagnosis     | 2025-01-01 14:00    |          2 | Иванов
        1 | waiting_parts | 2025-01-01 17:00    |         24 | Петров
        1 | repair        | 2025-01-04 12:00    |         60 | Иванов
        1 | ready         | 2025-01-06 12:00    |          1 | Иванов
        1 | picked_up     | 2025-01-06 18:00    |            | Иванов
        2 | accepted      | 2025-01-01 13:59:50 |         48 |
        2 | repair        | 2025-01-01 13:59:55 |         48 |
        2 | ready         | 2025-01-01 14:00    |            |
        2 | picked_up     | 2025-01-01 15:00    |            |
"""
facts = """
 order_id | norms_broken | idle_stages | parts_hours | reassignments | stages_at_once | slow_stage    | not_told | not_repaired | pickup_hours
        1 | 2            | 1           | 67          | 2             | 0              | waiting_parts | 0        | 0            | 5
        2 | 0            | 0           | 0           |               | 1              |               | 1        | 1            | 1
        3 |              |             |             |               |                |               | 0        |              |
"""


def test_what_happened_between_intake_and_pickup(spec_view):
    spec_view("service_facts", facts, orders=orders, stages=stages, asof="2025-01-10")
