"""The client's own page: which key opens it, and what of the estimate he has before him."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from dovolen.desk.orders.models import ClientLink, Line, RepairOrder

LONGEST_TOKEN = 64


def digest_of(token: str) -> str:
    """What the base keeps of a token: of the token nothing can be read in it."""
    return hashlib.sha256(f"client link\0{token}".encode("utf-8", "surrogatepass")).hexdigest()


def link_in_force(token: str) -> ClientLink | None:
    """The key that a token is, with all that its page says of the order in one row; None where it opens nothing."""
    if len(token) > LONGEST_TOKEN:
        return None
    related = ("order__centre", "order__customer", "order__asset", "order__category", "order__stage")
    return ClientLink.objects.select_related(*related).filter(digest=digest_of(token), revoked_at=None).first()


def link_of_order(order: RepairOrder) -> ClientLink | None:
    """The key of an order that is in force."""
    return ClientLink.objects.select_related("made_by").filter(order=order, revoked_at=None).first()


def estimate_mark(order: RepairOrder, lines: Iterable[Line]) -> str:
    """A mark of the whole estimate as it is shown: another line, price, state or version is another mark."""
    told = [
        (line.pk, line.version, line.state, line.name, str(line.quantity), line.amount, line.warranty_days)
        for line in sorted(lines, key=lambda line: line.pk)
    ]
    return hashlib.sha256(repr((order.pk, order.currency, told)).encode()).hexdigest()[:32]
