"""Everything that papers of one order may say, read at once."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.desk.accounts.models import Centre
from dovolen.desk.documents.models import PaperSetup
from dovolen.desk.money import queries as money
from dovolen.desk.money.models import Account, LegalEntity, Payment, Seller
from dovolen.desk.orders.models import DECLINED, Approval, Line, RepairOrder
from dovolen.desk.people.models import COMPANY, Customer, Phone, Requisites
from dovolen.desk.people.phones import shown

ABOUT = (
    "centre", "customer", "customer__requisites", "asset", "technician", "accepted_by", "picked_up_by",
    "rework_of",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """An order with its client, its seller, its lines and what was paid."""

    order: RepairOrder
    entity: LegalEntity | None
    n_places: int
    """Centres that sell in this name: from two on, numbers of papers name the centre."""
    lines: list[Line]
    """All that the client did not decline."""
    phone: str
    approval: Approval | None
    """The client's latest word."""
    paid: int
    prepayments: list[Payment]
    """That came by bank before hand-over, each with its line of the statement."""
    setup: PaperSetup | None

    @property
    def centre(self) -> Centre:
        """Where it was taken in."""
        return self.order.centre

    @property
    def customer(self) -> Customer:
        """Whose order it is."""
        return self.order.customer

    @property
    def is_company(self) -> bool:
        """Whether papers name a company."""
        return self.customer.kind == COMPANY

    @property
    def requisites(self) -> Requisites | None:
        """What papers say of a company; none of a person."""
        return getattr(self.customer, "requisites", None)


def source_of(order: RepairOrder) -> Source:
    """What papers of this order are drawn up from: as many queries whatever it holds."""
    one = RepairOrder.objects.select_related(*ABOUT).get(pk=order.pk)
    entity = money.seller_of(one.centre)
    phone = Phone.objects.filter(customer=one.customer).order_by("-is_main", "pk").first()
    return Source(
        order=one,
        entity=entity,
        n_places=Seller.objects.filter(entity=entity).count() if entity else 0,
        lines=list(one.lines.exclude(state=DECLINED).order_by("position", "pk")),
        phone=shown(phone.number) if phone else "",
        approval=one.approvals.order_by("-at", "-pk").first(),
        paid=Account.objects.filter(order_number=one.number).values_list("paid", flat=True).first() or 0,
        prepayments=_prepayments(one),
        setup=PaperSetup.objects.select_related("logo").filter(centre=one.centre).first(),
    )


def _prepayments(order: RepairOrder) -> list[Payment]:
    found = Payment.objects.filter(
        account__order_number=order.number, is_prepayment=True, refund_of=None, statement_line__isnull=False
    )
    return list(found.select_related("statement_line").order_by("at", "pk"))
