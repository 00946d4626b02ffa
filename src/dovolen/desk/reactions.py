"""Door two: event → functions. All that follows from anything stands on this page."""

from __future__ import annotations

from dovolen.desk.core.reacting import Reactions

REACTIONS: Reactions = {}
