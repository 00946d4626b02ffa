"""Door two: event → functions. All that follows from anything stands on this page."""

from __future__ import annotations

from dovolen.desk.core.reacting import Reactions
from dovolen.desk.orders import notices as orders

REACTIONS: Reactions = {
    "order.part_arrived": [orders.go_on_with_part],
}
