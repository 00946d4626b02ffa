"""What stands in papers, from an order and its money: pure functions, texts ready to print."""

from dovolen.desk.documents.facts.papers import Heading, facts_of
from dovolen.desk.documents.facts.totals import totals_of

__all__ = ["Heading", "facts_of", "totals_of"]
