"""Door two: event → functions. All that follows from anything stands on this page."""

from __future__ import annotations

from dovolen.desk.analysis import notices as analysis
from dovolen.desk.analysis import slips
from dovolen.desk.core.reacting import Reactions
from dovolen.desk.orders import notices as orders

REACTIONS: Reactions = {
    "message.undeliverable": [orders.call_instead],
    "order.accepted": [orders.tell_accepted, analysis.refresh_client],
    "order.stage_moved": [orders.withdraw_stale, orders.tell_estimate_waits, analysis.refresh_client],
    "order.line_added": [orders.tell_estimate_waits],
    "order.line_changed": [orders.tell_estimate_waits],
    "order.approved": [orders.withdraw_stale, analysis.refresh_client],
    "order.promised": [orders.tell_promise_moved, analysis.refresh_client],
    "order.part_arrived": [orders.go_on_with_part, orders.tell_part_arrived],
    "order.ready": [orders.tell_ready, analysis.refresh_client],
    "order.picked_up": [orders.tell_picked_up, slips.attach_technician, analysis.refresh_client],
    "order.scored": [slips.see_to_low_score],
    "message.sent": [orders.note_told],
    "order.cancelled": [analysis.refresh_client],
    "order.changed": [analysis.refresh_client],
    "order.told": [analysis.refresh_client],
    "customer.changed": [analysis.refresh_client],
    "customer.class_set": [analysis.refresh_client],
    "customer.blocked": [analysis.refresh_client],
    "customer.unblocked": [analysis.refresh_client],
    "customer.absorbed": [analysis.refresh_client],
    "contact.added": [analysis.refresh_client],
    "incoming.came": [analysis.refresh_client],
    "case.opened": [analysis.refresh_client, analysis.study_first],
    "feedback.received": [analysis.refresh_client, analysis.study_first],
    "case.replied": [analysis.refresh_client],
    "case.resolved": [analysis.refresh_client],
    "import.loaded": [analysis.study_import],
    "import.undone": [analysis.study_import],
}
