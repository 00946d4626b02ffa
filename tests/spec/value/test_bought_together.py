"""Things bought by at least the minimum of clients, each once a client, and how many bought both of a pair; the thing of
more clients comes first, then the alphabet. Declined lines, returns and cancelled orders are no purchases."""

title = "Bought together"
orders = """
 order_id | customer_id | kind        | revenue | outcome
        1 |           1 | repair      |   10000 | repaired
        2 |           1 | maintenance |   10000 | repaired
        3 |           2 | repair      |   10000 | repaired
        4 |           3 | repair      |   10000 | repaired
        5 |           4 | repair      |   10000 | cancelled
        6 |           5 | repair      |  -10000 | repaired
"""
lines = """
 order_id | name    | work_group | state
        1 | screen  | electrical |
        1 | screen  | electrical |
        2 | glass   |            | approved
        3 | glass   |            |
        3 | screen  | electrical |
        3 | battery | electrical |
        4 | screen  | electrical |
        4 | glass   |            | declined
        5 | glass   |            |
        6 | glass   |            |
"""
items = """
 level | customer_id | item       | place | n_item | n_all
 name  |           1 | screen     |     1 |      3 |     3
 name  |           2 | screen     |     1 |      3 |     3
 name  |           3 | screen     |     1 |      3 |     3
 name  |           1 | glass      |     2 |      2 |     3
 name  |           2 | glass      |     2 |      2 |     3
 group |           1 | electrical |     1 |      3 |     3
 group |           2 | electrical |     1 |      3 |     3
 group |           3 | electrical |     1 |      3 |     3
 kind  |           1 | repair     |     1 |      3 |     3
 kind  |           2 | repair     |     1 |      3 |     3
 kind  |           3 | repair     |     1 |      3 |     3
"""
pairs = """
 level | item_a | item_b | n_both | n_a | n_b | n_all
 name  | screen | glass  |      2 |   3 |   2 |     3
"""


def test_a_thing_is_counted_once_a_client(spec_view):
    spec_view("value_items", items, orders=orders, lines=lines, minimum=2)


def test_a_pair_is_of_one_client_not_of_one_order(spec_view):
    spec_view("value_pairs", pairs, orders=orders, lines=lines, minimum=2)
