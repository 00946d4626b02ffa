"""Best window of eight consecutive ISO weeks with orders in four of them: 24 assets or more (3 a week), and a median
of at most 2 hours from told to picked up over at least 5 pickups. Orders stand for assets where these are unknown."""

title = "Intermediary"
orders = """
 order_id | customer_id | accepted_at      | notified_at      | picked_up_at
        1 |           1 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 16:00
        2 |           1 | 2025-03-10 12:00 | 2025-03-10 15:00 | 2025-03-10 17:00
        3 |           1 | 2025-03-17 12:00 | 2025-03-17 15:00 | 2025-03-17 19:00
        4 |           1 | 2025-03-24 12:00 |                  |
        5 |           2 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 17:01
        6 |           2 | 2025-03-10 12:00 | 2025-03-10 15:00 | 2025-03-10 17:01
        7 |           2 | 2025-03-17 12:00 | 2025-03-17 15:00 | 2025-03-17 17:01
        8 |           2 | 2025-03-24 12:00 |                  |
        9 |           3 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 15:00
       10 |           3 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 15:00
       11 |           3 | 2025-03-10 12:00 | 2025-03-10 15:00 | 2025-03-10 15:00
       12 |           3 | 2025-03-17 12:00 | 2025-03-17 15:00 | 2025-03-17 15:00
"""
classes = """
 customer_id | class        | brought_window | n_pickups | pickup_seconds | class_reasons
           1 | intermediary |              4 |         3 |           7200 | assets_8_weeks=4;fast_pickups=3;
           2 | one_off      |              4 |         3 |           7260 |
           3 | one_off      |              0 |         4 |              0 |
"""
over_nine_weeks = """
 order_id | customer_id | accepted_at      | notified_at      | picked_up_at
        1 |           1 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 16:00
        2 |           1 | 2025-03-10 12:00 | 2025-03-10 15:00 | 2025-03-10 16:00
        3 |           1 | 2025-03-17 12:00 | 2025-03-17 15:00 | 2025-03-17 16:00
        4 |           1 | 2025-04-21 12:00 | 2025-04-21 15:00 | 2025-04-21 16:00
        5 |           2 | 2025-03-03 12:00 | 2025-03-03 15:00 | 2025-03-03 16:00
        6 |           2 | 2025-03-10 12:00 | 2025-03-10 15:00 | 2025-03-10 16:00
        7 |           2 | 2025-03-17 12:00 | 2025-03-17 15:00 | 2025-03-17 16:00
        8 |           2 | 2025-04-28 12:00 | 2025-04-28 15:00 | 2025-04-28 16:00
"""
only_in_eight = """
 customer_id | class        | brought_window
           1 | intermediary |              4
           2 | one_off      |              0
"""


def test_two_hours_are_fast_a_minute_more_is_not_and_three_weeks_are_too_few(spec_view):
    spec_view("classes", classes, orders=orders, asof="2025-03-31", window_assets=4, pickups_min=3)


def test_the_window_is_eight_weeks_wide_whatever_lies_empty_in_it(spec_view):
    spec_view("classes", only_in_eight, orders=over_nine_weeks, asof="2025-04-30", window_assets=4, pickups_min=3)
