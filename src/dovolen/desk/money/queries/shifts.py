"""The drawer of a centre and what went through it."""

from __future__ import annotations

from django.db.models import Q, Sum

from dovolen.desk.accounts.models import Centre
from dovolen.desk.money.models import PUT_IN, CashShift


def open_shift_of(centre: Centre) -> CashShift | None:
    """The shift of a centre that is open now."""
    return CashShift.objects.filter(centre=centre, closed_at=None).select_related("centre", "opened_by").first()


def drawer_of(shift: CashShift) -> int:
    """What should be in the drawer of a shift, minor units."""
    cash = shift.payments.aggregate(
        taken=Sum("amount", filter=Q(refund_of=None), default=0),
        returned=Sum("amount", filter=Q(refund_of__isnull=False), default=0),
    )
    moved = shift.moves.aggregate(
        put_in=Sum("amount", filter=Q(kind=PUT_IN), default=0), out=Sum("amount", filter=~Q(kind=PUT_IN), default=0)
    )
    drawer: int = shift.opening + cash["taken"] - cash["returned"] + moved["put_in"] - moved["out"]
    return drawer
