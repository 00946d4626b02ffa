"""What pages show of orders. Reads of single pages stand in modules beside this one (`lists`, `today`)."""

from dovolen.desk.orders.queries.chain import chain_of, declined_of, first_of, job_key, warranty_of
from dovolen.desk.orders.queries.experience import Option, Similar, promise_options, similar_repairs
from dovolen.desk.orders.queries.links import estimate_mark, link_in_force, link_of_order
from dovolen.desk.orders.queries.stages import (
    count_words,
    ready_checklist,
    stage_name,
    stages,
    standing,
)  # fmt: skip
from dovolen.desk.orders.queries.timeline import GROUPS, Moment, pulse, timeline

__all__ = [
    "GROUPS", "Moment", "Option", "Similar", "chain_of", "count_words", "declined_of", "estimate_mark",
    "first_of", "job_key", "link_in_force", "link_of_order",
    "promise_options", "pulse", "ready_checklist", "similar_repairs", "stage_name", "stages", "standing",
    "timeline", "warranty_of",
]  # fmt: skip
