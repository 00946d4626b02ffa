"""Margin of the clients of one quarter by whole months since each one's first visit. A month is 30.4375 days, so the
first ends with the thirtieth day. A return lowers the margin of its month and is no visit."""

title = "Cumulative margin by cohort"
orders = """
 order_id | customer_id | accepted_at      | revenue | parts_cost | labour_cost
        1 |           1 | 2025-01-01 12:00 |   10000 |       4000 |        1000
        2 |           1 | 2025-01-31 12:00 |    3000 |          0 |           0
        3 |           1 | 2025-02-01 12:00 |    2000 |          0 |           0
        4 |           1 | 2025-03-03 12:00 |   -1000 |          0 |           0
        5 |           2 | 2025-03-31 12:00 |    7000 |            |        1000
        6 |           2 | 2025-04-01 12:00 |    7000 |       7500 |        1000
        7 |           3 | 2025-04-01 12:00 |     500 |          0 |           0
"""
months = """
 cohort | age | margin | n_orders | n_without_costs
   8100 |   0 |   6500 |        4 |               1
   8100 |   1 |   2000 |        1 |               0
   8100 |   2 |  -1000 |        0 |               0
   8101 |   0 |    500 |        1 |               0
"""
spend = """
 month      | source | amount
 2025-01-01 | maps   |  90000
 2025-01-15 | maps   |  10000
 2025-02-01 | maps   |   5000
 2025-07-01 | maps   |  70000
"""
customers = """
 customer_id | source
           1 | maps
           2 |
           3 | friend
"""
sources = """
 source | month      | n_new | spent
 maps   | 2025-01-01 |     1 | 100000
 maps   | 2025-02-01 |     0 |   5000
        | 2025-03-01 |     1 |
 friend | 2025-04-01 |     1 |
"""


def test_day_thirty_is_the_first_month_and_day_thirty_one_the_second(spec_view):
    spec_view("value_cohorts", months, orders=orders, asof="2025-06-30")


def test_outlays_stand_beside_the_clients_their_source_brought(spec_view):
    spec_view("value_sources", sources, orders=orders, customers=customers, spend=spend, asof="2025-06-30")
