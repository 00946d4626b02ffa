"""What is asked of money."""

from dovolen.desk.money.queries.accounts import Sums, account_of, debts_of, sums
from dovolen.desk.money.queries.prices import PriceFilters, in_reach_of, price_list, prices_for
from dovolen.desk.money.queries.sellers import Sells, entities, seller_of, who_sells_where
from dovolen.desk.money.queries.shifts import drawer_of, open_shift_of

__all__ = [
    "PriceFilters",
    "Sells",
    "Sums",
    "account_of",
    "debts_of",
    "drawer_of",
    "entities",
    "in_reach_of",
    "open_shift_of",
    "price_list",
    "prices_for",
    "seller_of",
    "sums",
    "who_sells_where",
]  # fmt: skip
