"""The other reading of retention: of assets sold in (D − 730, D − 365], the share that came for service within a year
of the sale."""

title = "Retention of sold assets"
assets = """
 asset_id | sold_at
        1 | 2024-06-30
        2 | 2023-07-02
        3 | 2024-01-01
        4 | 2024-01-01
        5 | 2024-07-01
        6 | 2023-07-01
        7 |
"""
orders = """
 order_id | asset_id | accepted_at      | department | outcome
        1 |        1 | 2025-06-29 12:00 | service    |
        2 |        2 | 2024-07-01 12:00 | service    |
        3 |        3 | 2024-01-01 12:00 | sales      |
        4 |        4 | 2024-02-01 12:00 | service    | cancelled
        5 |        5 | 2024-08-01 12:00 | service    |
        6 |        6 | 2023-08-01 12:00 | service    |
        7 |        7 | 2024-08-01 12:00 | service    |
"""
counts = """
 sold | serviced
    4 |        1
"""


def test_the_sale_itself_and_what_came_a_year_later_are_no_service(spec_view):
    spec_view("sold_assets", counts, orders=orders, assets=assets, asof="2025-06-30")
