"""How long a client may be silent before he counts as dormant: the 0.9 quantile of his own gaps when he has four
visits, else of his class and category when they have 20 gaps, else of the base, else 180 days; never under 60."""

title = "Limit of silence"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2025-01-01 12:00
        2 |           1 | 2025-02-10 12:00
        3 |           1 | 2025-05-21 12:00
        4 |           1 | 2025-06-30 12:00
        5 |           2 | 2025-06-01 12:00
        6 |           2 | 2025-06-08 12:00
        7 |           2 | 2025-06-15 12:00
        8 |           2 | 2025-06-22 12:00
        9 |           3 | 2025-05-01 12:00
       10 |           3 | 2025-06-01 12:00
       11 |           3 | 2025-06-30 12:00
"""
limits = """
 customer_id | limit_days | limit_from
           1 |         88 | own
           2 |         60 | own
           3 |        180 | default
"""
many = "order_id | customer_id | accepted_at\n" + "\n".join(
    f"{2 * client} | {client} | 2025-01-01 12:00\n{2 * client + 1} | {client} | 2025-04-{client:02d} 12:00"
    for client in range(1, 21)
)
of_twenty = "customer_id | limit_days | limit_from\n" + "\n".join(
    f"{client} | 107.1 | group" for client in range(1, 21)
)


def test_four_visits_make_a_rhythm_and_two_months_are_nobodys_silence(spec_view):
    spec_view("limits", limits, orders=orders, asof="2025-06-30")


def test_twenty_gaps_of_his_class_speak_for_who_has_no_rhythm(spec_view):
    spec_view("limits", of_twenty, orders=many)
