"""Served clients from the best down, persons and companies apart. A is whoever comes before 80 % of the money has been
brought, B before 95 %, the rest is C; so is he who brought nothing, and losses are not taken off the total."""

title = "ABC"
value_clients = """
 customer_id | n_orders | revenue | margin
           1 |        3 |   79999 |  -5000
           2 |        2 |   15000 |   5000
           3 |        2 |       1 |   5000
           4 |        1 |    5000 |
           5 |        1 |   -1000 |      0
           6 |        1 |     100 |     50
           7 |        0 |         |
"""
customer_facts = """
 customer_id | kind
           1 | person
           2 | person
           3 | person
           4 | person
           5 | person
           6 | company
           7 | person
"""
letters = """
 measure | kind    | customer_id | place | amount | before | total  | abc
 revenue | person  |           1 |     1 |  79999 |      0 | 100000 | A
 revenue | person  |           2 |     2 |  15000 |  79999 | 100000 | A
 revenue | person  |           4 |     3 |   5000 |  94999 | 100000 | B
 revenue | person  |           3 |     4 |      1 |  99999 | 100000 | C
 revenue | person  |           5 |     5 |  -1000 | 100000 | 100000 | C
 revenue | company |           6 |     1 |    100 |      0 |    100 | A
 margin  | person  |           2 |     1 |   5000 |      0 |  10000 | A
 margin  | person  |           3 |     2 |   5000 |   5000 |  10000 | A
 margin  | person  |           5 |     3 |      0 |  10000 |  10000 | C
 margin  | person  |           1 |     4 |  -5000 |  10000 |  10000 | C
 margin  | company |           6 |     1 |     50 |      0 |     50 | A
"""
curve = """
 measure | kind    | hundredth | n_clients | amount
 revenue | person  |        20 |         1 |  79999
 revenue | person  |        40 |         1 |  15000
 revenue | person  |        60 |         1 |   5000
 revenue | person  |        80 |         1 |      1
 revenue | person  |       100 |         1 |  -1000
 revenue | company |       100 |         1 |    100
 margin  | person  |        25 |         1 |   5000
 margin  | person  |        50 |         1 |   5000
 margin  | person  |        75 |         1 |      0
 margin  | person  |       100 |         1 |  -5000
 margin  | company |       100 |         1 |     50
"""


def test_who_crosses_eighty_per_cent_is_still_a(spec_view):
    spec_view("value_abc", letters, value_clients=value_clients, customer_facts=customer_facts)


def test_the_curve_has_a_point_for_each_hundredth_somebody_fills(spec_view):
    spec_view("value_curve", curve, value_clients=value_clients, customer_facts=customer_facts)
