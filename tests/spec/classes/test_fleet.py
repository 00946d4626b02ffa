"""A flag, not a class: a company with ten assets, or 24 orders in 12 months."""

title = "Fleet"
orders = """
 order_id | customer_id | asset_id | accepted_at
        1 |           1 |        1 | 2025-01-01 12:00
        2 |           1 |        2 | 2025-01-02 12:00
        3 |           2 |        3 | 2025-01-01 12:00
        4 |           2 |        4 | 2025-01-02 12:00
        5 |           3 |        5 | 2025-01-01 12:00
        6 |           3 |        5 | 2025-01-01 13:00
        7 |           3 |        5 | 2025-01-02 12:00
        8 |           4 |        6 | 2023-01-01 12:00
        9 |           4 |        6 | 2024-01-01 12:00
       10 |           4 |        6 | 2024-02-01 12:00
"""
customers = """
 customer_id | kind
           1 | company
           2 | person
           3 | company
           4 | company
"""
clients = """
 customer_id | class   | is_fleet
           1 | one_off |        1
           2 | one_off |        0
           3 | one_off |        1
           4 | one_off |        0
"""


def test_only_a_company_is_a_fleet_by_its_assets_or_by_a_year_of_orders(spec_view):
    spec_view("customer_facts", clients, orders=orders, customers=customers, fleet_assets=2, fleet_orders=3)
