"""What pages ask of the analysis."""

from dovolen.desk.analysis.queries.scopes import HOUSE, Scope, current, history, latest, scope_of, scopes

__all__ = ["HOUSE", "Scope", "current", "history", "latest", "scope_of", "scopes"]
