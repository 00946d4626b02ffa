"""What is asked of money."""

from dovolen.desk.money.queries.prices import PriceFilters, in_reach_of, price_list, prices_for
from dovolen.desk.money.queries.sellers import Sells, entities, seller_of, who_sells_where

__all__ = [
    "PriceFilters", "Sells", "entities", "in_reach_of", "price_list", "prices_for", "seller_of", "who_sells_where",
]  # fmt: skip
