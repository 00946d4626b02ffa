"""Clients by visits in the last 365 days: 18 and more, 6 to 17, 2 to 5, one."""

title = "Frequency of visits"
days = """
 customer_id | visit_date | n_visits | n_orders | revenue
           1 | 2024-07-01 |       17 |       19 | 1900000
           1 | 2025-06-30 |        1 |        1 |  100000
           2 | 2024-06-30 |        1 |        1 |  100000
           2 | 2024-07-01 |       17 |       17 | 1700000
           3 | 2025-06-30 |        6 |        6 |  600000
           4 | 2025-06-30 |        5 |        5 |  500000
           5 | 2025-06-30 |        2 |        3 |  300000
           6 | 2025-06-30 |        1 |        1 |  100000
           7 | 2024-06-30 |        9 |        9 |  900000
"""
bands = """
 band  | clients | visits | orders | revenue
 18_up |       1 |     18 |     20 | 2000000
 6_17  |       2 |     23 |     23 | 2300000
 2_5   |       2 |      7 |      8 |  800000
 1     |       1 |      1 |      1 |  100000
"""


def test_who_did_not_come_this_year_is_in_no_band(spec_view):
    spec_view("frequency_bands", bands, client_days=days, asof="2025-06-30")
