"""Door two: event → functions. All that follows from anything stands on this page."""

from __future__ import annotations

from dovolen.desk.core.reacting import Reactions
from dovolen.desk.orders import notices as orders

REACTIONS: Reactions = {
    "message.undeliverable": [orders.call_instead],
    "order.accepted": [orders.tell_accepted],
    "order.stage_moved": [orders.withdraw_stale, orders.tell_estimate_waits],
    "order.line_added": [orders.tell_estimate_waits],
    "order.line_changed": [orders.tell_estimate_waits],
    "order.approved": [orders.withdraw_stale],
    "order.promised": [orders.tell_promise_moved],
    "order.part_arrived": [orders.go_on_with_part, orders.tell_part_arrived],
    "order.ready": [orders.tell_ready],
    "order.picked_up": [orders.tell_picked_up],
    "message.sent": [orders.note_told],
}
