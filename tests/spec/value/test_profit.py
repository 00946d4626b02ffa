"""Revenue, margin and orders by one thing at a time. An order without one of its costs keeps its revenue and is counted
as silent; its margin is nowhere, and profitability is margin over `revenue_known`. A repair before sale goes before all
other signs, warranty (with goodwill) before a visit on site."""

title = "Profit"
orders = """
 order_id | revenue | parts_cost | labour_cost | outcome   | pay_type     | place    | technician
        1 |  100000 |      30000 |       20000 | repaired  | customer_pay | workshop | Orlov
        2 |   40001 |            |       20000 | repaired  | customer_pay |          | Orlov
        3 |       0 |      10000 |        5000 | repaired  | warranty     | on_site  | Orlov
        4 |       0 |          0 |        2500 | repaired  | goodwill     | workshop | Belova
        5 |   60000 |      20000 |       10000 | repaired  | customer_pay | on_site  | Belova
        6 |   12000 |       1000 |        1000 | repaired  | warranty     | pre_sale | Belova
        7 |    9000 |       1000 |        1000 | repaired  |              |          |
        8 |   -9000 |          0 |           0 | repaired  | customer_pay | workshop | Orlov
        9 |  500000 |          0 |           0 | cancelled | customer_pay | workshop | Orlov
"""
customer_facts = """
 customer_id | kind   | class
           1 | person | one_off
"""
cells = """
 dimension     | value        | n_orders | n_without_costs | revenue | revenue_known | margin
 repair        | customer_pay |        2 |               1 |  131001 |         91000 |  41000
 repair        | warranty     |        2 |               0 |       0 |             0 | -17500
 repair        | on_site      |        1 |               0 |   60000 |         60000 |  30000
 repair        | pre_sale     |        1 |               0 |   12000 |         12000 |  10000
 repair        |              |        1 |               0 |    9000 |          9000 |   7000
 class         | one_off      |        7 |               1 |  212001 |        172000 |  70500
 customer_kind | person       |        7 |               1 |  212001 |        172000 |  70500
 category      |              |        7 |               1 |  212001 |        172000 |  70500
 technician    | Orlov        |        3 |               1 |  131001 |         91000 |  26000
 technician    | Belova       |        3 |               0 |   72000 |         72000 |  37500
 technician    |              |        1 |               0 |    9000 |          9000 |   7000
 campaign      |              |        7 |               1 |  212001 |        172000 |  70500
"""


def test_every_dimension_adds_up_to_the_same_sum(spec_view):
    spec_view("value_cells", cells, orders=orders, customer_facts=customer_facts)
