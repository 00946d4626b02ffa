"""What is asked of clients."""

from dovolen.desk.people.queries.consents import Standing, agreed, all_consents, consents_now, standing, texts_now
from dovolen.desk.people.queries.finding import (
    LONGEST_KEY,
    Elsewhere,
    Similar,
    by_phone,
    key_of,
    known_elsewhere,
    main_phone,
    others,
    similar,
)
from dovolen.desk.people.queries.listing import COUNTED, ORDERS, STATES, Filters, customers_page
from dovolen.desk.people.queries.reached import Reached, reached
from dovolen.desk.people.queries.ties import Tie, merges_of, notes_of, tie_rows, ties_of, what_moves

__all__ = [
    "COUNTED", "LONGEST_KEY", "ORDERS", "STATES", "Elsewhere", "Filters", "Reached", "Similar", "Standing",
    "Tie", "agreed", "all_consents", "by_phone", "consents_now", "customers_page", "key_of", "known_elsewhere",
    "main_phone", "merges_of", "notes_of", "others", "reached", "similar", "standing", "texts_now", "tie_rows",
    "ties_of", "what_moves",
]  # fmt: skip
