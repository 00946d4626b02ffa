"""Marked, or six counted orders in the 91 days to the study's day, or four different assets ever."""

title = "Regular"
orders = """
 order_id | customer_id | asset_id | accepted_at      | revenue
        1 |           1 |        1 | 2025-06-30 12:00 |    1000
        2 |           1 |        1 | 2025-06-01 12:00 |    1000
        3 |           1 |        1 | 2025-05-01 12:00 |    1000
        4 |           1 |        1 | 2025-05-01 13:00 |    1000
        5 |           1 |        1 | 2025-04-02 12:00 |    1000
        6 |           1 |        1 | 2025-04-01 12:00 |    1000
        7 |           2 |        2 | 2025-06-30 12:00 |    1000
        8 |           2 |        2 | 2025-06-01 12:00 |    1000
        9 |           2 |        2 | 2025-05-01 12:00 |    1000
       10 |           2 |        2 | 2025-05-01 13:00 |    1000
       11 |           2 |        2 | 2025-04-02 12:00 |    1000
       12 |           2 |        2 | 2025-03-31 12:00 |    1000
       13 |           3 |        3 | 2020-01-01 12:00 |    1000
       14 |           3 |        4 | 2021-01-01 12:00 |    1000
       15 |           3 |        5 | 2022-01-01 12:00 |    1000
       16 |           3 |        6 | 2023-01-01 12:00 |    1000
       17 |           4 |        7 | 2023-01-01 12:00 |    1000
       18 |           5 |          | 2023-01-01 12:00 |    1000
"""
customers = """
 customer_id | regular_mark
           4 | yes
           5 | no
"""
classes = """
 customer_id | class   | class_reasons
           1 | regular | orders_91=6;
           2 | one_off |
           3 | regular | assets=4;
           4 | regular | marked=1;
           5 | one_off |
"""


def test_the_ninety_first_day_back_counts_and_the_next_does_not(spec_view):
    spec_view("classes", classes, orders=orders, customers=customers, asof="2025-06-30")
