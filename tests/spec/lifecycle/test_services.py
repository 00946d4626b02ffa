"""What each band of visit frequency buys: the cheapest services (the lowest third of prices), the base one of an order
(its dearest line), and additional ones. Declined lines and lines without a price are left out."""

title = "Services by frequency"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2025-06-01 12:00
        2 |           2 | 2025-06-01 12:00
        3 |           2 | 2025-06-08 12:00
"""
lines = """
 order_id | name       | price  | quantity | state
        1 | screen     | 900000 |        1 | approved
        1 | battery    | 300000 |          |
        1 | glass      |  10000 |        2 |
        1 | keyboard   | 700000 |        1 | declined
        2 | cleaning   |  10000 |        1 |
        3 | mainboard  | 800000 |        1 |
        3 | diagnosis  |      0 |        1 |
        3 | paste      |  20000 |        1 |
"""
services = """
 band | role       | n_lines | amount
 1    | base       |       1 | 900000
 1    | additional |       1 | 300000
 1    | cheapest   |       1 |  20000
 2_5  | base       |       1 | 800000
 2_5  | additional |       1 |  20000
 2_5  | cheapest   |       1 |  10000
"""


def test_the_cheapest_stays_cheapest_when_it_is_all_an_order_holds(spec_view):
    spec_view("band_services", services, orders=orders, lines=lines, asof="2025-06-30")
