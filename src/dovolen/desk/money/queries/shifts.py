"""The drawer of a centre and what went through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.money.models import CASH, METHODS, PUT_IN, CashMove, CashShift, Payment

SHOWN = 30
"""So many shifts stand on a page of the list."""


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


def last_counted(centre: Centre) -> CashShift | None:
    """The latest closed shift of a centre: what was counted then should still be there."""
    return CashShift.objects.filter(centre=centre, closed_at__isnull=False).order_by("-number").first()


# ── What went through a shift ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ByMethod:
    """What came and went in one way."""

    method: str
    n: int
    taken: int
    returned: int

    @property
    def left(self) -> int:
        """What stayed of it."""
        return self.taken - self.returned


@dataclass(frozen=True)
class Report:
    """A shift from its opening to now, or to its count."""

    shift: CashShift
    payments: list[Payment]
    """Of its centre while it was open, the latest first."""
    moves: list[CashMove]

    @property
    def by_method(self) -> list[ByMethod]:
        """Ways that were used, in their order."""
        found = (_by_method(method, self.payments) for method in METHODS)
        return [one for one in found if one.n]

    @property
    def in_all(self) -> ByMethod:
        """All of them together."""
        return _total("", self.payments)

    @property
    def put_in(self) -> int:
        """Money put into the drawer other than by clients."""
        return sum(move.amount for move in self.moves if move.kind == PUT_IN)

    @property
    def taken_out(self) -> int:
        """Money taken out of the drawer other than for clients."""
        return sum(move.amount for move in self.moves if move.kind != PUT_IN)

    @property
    def drawer(self) -> int:
        """What should be in the drawer."""
        return self.shift.opening + _by_method(CASH, self.payments).left + self.put_in - self.taken_out

    @property
    def difference(self) -> int:
        """What was counted less what should have been there."""
        return (self.shift.counted or 0) - (self.shift.expected or 0)

    @property
    def prepaid(self) -> int:
        """Of what was taken, that for which nothing was due yet."""
        return sum(one.amount for one in self.payments if one.is_prepayment)

    @property
    def without_receipt(self) -> list[Payment]:
        """Those whose receipt nobody wrote down."""
        return [one for one in self.payments if one.asks_receipt and not one.receipt_number]


def _by_method(method: str, payments: Iterable[Payment]) -> ByMethod:
    return _total(method, [one for one in payments if one.method == method])


def _total(method: str, payments: list[Payment]) -> ByMethod:
    taken = sum(one.amount for one in payments if one.refund_of_id is None)
    return ByMethod(method, len(payments), taken, sum(one.amount for one in payments) - taken)


def report_of(shift: CashShift) -> Report:
    """What went through a shift, in two queries: cash by the shift it went into, the rest by when it came."""
    came = Q(shift=None, account__centre=shift.centre_id, account__currency=shift.currency, at__gte=shift.opened_at)
    if shift.closed_at:
        came &= Q(at__lt=shift.closed_at)
    payments = Payment.objects.filter(Q(shift=shift) | came).select_related("account", "by")
    return Report(
        shift, list(payments.order_by("-at", "-pk")), list(shift.moves.select_related("by").order_by("-at", "-pk"))
    )


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def shifts_of(staff: Staff) -> QuerySet[CashShift]:
    """Shifts of centres where he keeps the cash, with their people."""
    return CashShift.objects.visible_to(staff).select_related("centre", "opened_by", "closed_by")


def shifts_before(staff: Staff, centre: Centre, number: int | None = None) -> list[CashShift]:
    """A page of closed shifts of a centre, the latest first, and one more where there are more."""
    found = shifts_of(staff).filter(centre=centre, closed_at__isnull=False)
    found = found.filter(number__lt=number) if number is not None else found
    return list(found.annotate(difference=F("counted") - F("expected")).order_by("-number")[: SHOWN + 1])
