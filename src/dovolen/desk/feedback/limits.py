"""By when a case is answered and settled: the limits of the law, and the house's own where the law names none.

Days run from the one after the client came with it and end with the last of them (ГК РФ, ст. 191 and 194). A last day
off is not moved on to a working one, as ст. 193 would allow: the house is early rather than late.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.opening import Opening

NO_CLAIM, REPLACEMENT, MONEY, REPAIR = "none", "replacement", "money", "repair"
LIMITS = {REPLACEMENT: 7, MONEY: 10, REPAIR: 45, NO_CLAIM: 10}
"""What he asks for → calendar days until it is settled. Закон РФ от 07.02.1992 № 2300-1 «О защите прав потребителей»:
another item 7 days (ст. 21, п. 1); money back, a lower price or costs made good 10 days (ст. 22; for work and services
ст. 31, п. 1); repair within the term that was agreed, 45 days at most (ст. 20, п. 1). Where he asks for nothing of it
the law names no term: then 10 days are the house's own, the shortest that the law gives money."""
CLAIMS = (NO_CLAIM, MONEY, REPAIR, REPLACEMENT)
BY_LAW = (REPLACEMENT, MONEY, REPAIR)
REPLY_WITHIN = 240
"""Working minutes until the client hears from somebody: as long as a manager has for the call after a low score."""


def reply_due(centre: Centre, since: datetime) -> datetime:
    """Until when he is to hear something."""
    return Opening.of(centre).after(since, REPLY_WITHIN)


def limit(centre: Centre, since: datetime, claim: str) -> datetime:
    """The last second of the last day on which it may be settled, on the clock of the centre."""
    first = centre.local(since)
    last = first.date() + timedelta(days=LIMITS[claim])
    return datetime.combine(last, time(23, 59, 59), first.tzinfo)
