"""Assets whose warranty ends after the day D and at most 90 days later, by month; assets that left are left out."""

title = "Warranties that end ahead"
assets = """
 asset_id | customer_id | warranty_until | left_at
        1 |           1 | 2025-06-30     |
        2 |           1 | 2025-07-01     |
        3 |           1 | 2025-07-31     |
        4 |           2 | 2025-07-15     | 2025-06-30
        5 |           2 | 2025-09-28     | 2025-07-10
        6 |           2 | 2025-09-29     |
        7 |             | 2025-07-02     |
        8 |           3 |                |
"""
by_month = """
 month      | n_assets | n_clients
 2025-07-01 |        3 |         1
 2025-09-01 |        1 |         1
"""


def test_endings_are_counted_by_month(spec_view):
    spec_view("queue_warranties", by_month, assets=assets, asof="2025-06-30")
