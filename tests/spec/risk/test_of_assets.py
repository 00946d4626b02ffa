"""Signs in what a client owns: a warranty with 90 days or less to go (the last third of a short one on a repair), a
device of the age at which it is replaced, a valuation, a service book taken away with no visit since."""

title = "Risk points of assets"
orders = """
 order_id | customer_id | asset_id | accepted_at
        1 |           1 |       11 | 2025-05-01 12:00
        2 |           2 |       12 | 2025-05-01 12:00
        3 |           3 |       13 | 2025-05-01 12:00
        4 |           4 |       14 | 2025-05-01 12:00
        5 |           5 |       15 | 2025-05-01 12:00
"""
assets = """
 asset_id | customer_id | category | made_at    | warranty_until
       11 |           1 | car      | 2021-06-30 | 2025-06-30
       12 |           2 | car      | 2021-07-02 | 2025-09-28
       13 |           3 | phone    | 2021-06-30 | 2025-09-29
       14 |           4 | car      | 2020-06-30 | 2025-06-29
       15 |           5 | kettle   | 2021-06-30 |
"""
lines = """
 order_id | price | warranty_until
        3 |   100 | 2025-07-30
        4 |   100 | 2025-08-01
"""
events = """
 customer_id | at               | kind
           5 | 2025-06-01 12:00 | appraisal
           5 | 2025-06-02 12:00 | service_book_taken
           4 | 2025-04-01 12:00 | service_book_taken
"""
points = """
 customer_id | point                | asset_id | order_id | seen_date  | value | expires_date
           1 | warranty_ends        |       11 |          | 2025-04-01 |     0 | 2025-07-01
           2 | warranty_ends        |       12 |          | 2025-06-30 |    90 | 2025-09-29
           3 | repair_warranty_ends |       13 |        3 | 2025-05-01 |    30 | 2025-07-31
           1 | asset_age            |       11 |          | 2021-06-30 |  1461 |
           5 | trade_in_valuation   |          |          | 2025-06-01 |    29 | 2025-11-28
           5 | service_book_taken   |          |          | 2025-06-02 |    28 | 2026-06-02
"""


def test_what_a_client_s_assets_say(spec_view):
    spec_view(
        "risk_of_assets", points, orders=orders, assets=assets, lines=lines, events=events, asof="2025-06-30"
    )  # fmt: skip
