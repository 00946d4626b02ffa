"""What each client brought, took and owes to the study's day. A complaint is a case of that kind; a device given away is
not his any more, and one of somebody else's that he brings never was."""

title = "What a client brought and took"
orders = """
 order_id | customer_id | asset_id | accepted_at      | revenue | parts_cost | labour_cost | discount | bonus_used | debt  | outcome
        1 |           1 |       11 | 2025-06-29 12:00 |  100000 |      30000 |       20000 |     5000 |       2000 | 10000 | repaired
        2 |           1 |       12 | 2024-06-30 12:00 |   50000 |            |       10000 |          |            |       | repaired
        3 |           1 |       13 | 2025-06-01 12:00 |   70000 |      10000 |       10000 |     9000 |            | 70000 | cancelled
        4 |           2 |       19 | 2025-01-01 12:00 |   30000 |      10000 |           0 |          |            |       | repaired
        5 |           3 |          | 2025-01-01 12:00 |    8000 |          0 |           0 |          |            |       | repaired
"""
assets = """
 asset_id | customer_id | left_at
       11 |           1 |
       12 |           1 |
       13 |           1 |
       14 |           1 | 2025-03-01
       19 |           9 |
"""
customers = """
 customer_id | referred_by
           1 |
           2 |           1
           3 |           1
           4 |           1
"""
contacts = """
 customer_id | at               | minutes
           1 | 2025-06-30 23:59 |     2.5
           1 | 2025-06-01 12:00 |
           1 | 2025-07-01 00:00 |      60
"""
cases = """
 customer_id | opened_at        | kind
           1 | 2025-06-30 12:00 | complaint
           1 | 2025-06-30 12:00 | question
           1 | 2025-07-01 12:00 | complaint
"""
clients = """
 customer_id | n_orders | n_without_costs | revenue | revenue_known | margin | discount | bonus_used | debt  | complaints | contact_seconds | n_contacts | n_timed | assets_owned | assets_served | brought | brought_revenue
           1 |        2 |               1 |  150000 |        100000 |  50000 |     5000 |       2000 | 10000 |          1 |             150 |          2 |       1 |            3 |             1 |       2 |           38000
           2 |        1 |               0 |   30000 |         30000 |  20000 |          |            |       |          0 |               0 |          0 |       0 |            0 |             0 |       0 |
           3 |        1 |               0 |    8000 |          8000 |   8000 |          |            |       |          0 |               0 |          0 |       0 |            0 |             0 |       0 |
           4 |        0 |               0 |         |               |        |          |            |       |          0 |               0 |          0 |       0 |            0 |             0 |       0 |
"""


def test_the_day_of_the_study_is_the_last_that_counts(spec_view):
    spec_view("value_clients", clients, orders=orders, assets=assets, customers=customers, contacts=contacts,
              cases=cases, asof="2025-06-30")  # fmt: skip
