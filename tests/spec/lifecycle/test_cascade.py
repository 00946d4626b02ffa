"""One row a client from his states on two days. Opening + new + returned − dormant − lost − blocked = closing; who
came and went between the days has passed, with no effect on the base."""

title = "Cascade"
states = """
 day        | customer_id | state    | in_base
 2024-12-31 |           1 | loyal    |       1
 2025-12-31 |           1 | active   |       1
 2025-12-31 |           2 | new      |       1
 2024-12-31 |           3 | dormant  |       0
 2025-12-31 |           3 | returned |       1
 2024-12-31 |           4 | blocked  |       0
 2025-12-31 |           4 | loyal    |       1
 2024-12-31 |           5 | new      |       1
 2025-12-31 |           5 | dormant  |       0
 2024-12-31 |           6 | active   |       1
 2025-12-31 |           6 | lost     |       0
 2024-12-31 |           7 | loyal    |       1
 2025-12-31 |           7 | blocked  |       0
 2025-12-31 |           8 | dormant  |       0
 2024-12-31 |           9 | dormant  |       0
 2025-12-31 |           9 | lost     |       0
"""
flows = """
 customer_id | state_before | state_after | flow
           1 | loyal        | active      | stayed
           2 | absent       | new         | new
           3 | dormant      | returned    | returned
           4 | blocked      | loyal       | returned
           5 | new          | dormant     | dormant
           6 | active       | lost        | lost
           7 | loyal        | blocked     | blocked
           8 | absent       | dormant     | passed
           9 | dormant      | lost        | outside
"""


def test_every_client_takes_one_step(spec_view):
    spec_view("cascade", flows, states=states, asof="2025-12-31", compare="2024-12-31")
