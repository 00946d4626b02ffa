"""Door three: clock → functions. Times are the centre's; the house keeps the time of its oldest centre."""

from __future__ import annotations

from datetime import time

from dovolen.desk.accounts import upkeep as accounts
from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import upkeep as analysis
from dovolen.desk.core import upkeep
from dovolen.desk.core.clock import Daily, Hourly, Line, Places, Schedule
from dovolen.desk.messaging import listening
from dovolen.desk.orders import notices
from dovolen.desk.orders import upkeep as orders

SCHEDULE: Schedule = {
    "analysis.snapshots": Line(Daily(time(2, 30)), analysis.ask_nightly, apart=True),
    "core.backup": Line(Daily(time(3, 0)), upkeep.back_up, apart=True),
    "core.check": Line(Daily(time(4, 0)), upkeep.check_journal, apart=True),
    "orders.check": Line(Daily(time(4, 15)), orders.check, apart=True),
    "core.statistics": Line(Daily(time(4, 45)), upkeep.keep_statistics, apart=True),
    "core.sweep": Line(Daily(time(4, 30)), upkeep.sweep),
    "core.files": Line(Daily(time(4, 45)), upkeep.drop_unused_files, apart=True),
    "orders.not_picked_up": Line(Hourly(10), notices.remind_to_pick_up, apart=True),
    "orders.promise_breaks": Line(Hourly(5), notices.warn_of_breaking, at_every_centre=True, apart=True),
    "messaging.ask": Line(Hourly(25), listening.ask, apart=True),
    "accounts.sweep": Line(Daily(time(4, 30)), accounts.sweep),
}


def places() -> Places:
    """Every centre with its zone."""
    return list(Centre.objects.order_by("pk").values_list("pk", "zone"))
