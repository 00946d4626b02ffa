"""Papers as pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import files
from dovolen.desk.documents import kinds
from dovolen.desk.documents.models import (
    ACT,
    INVOICE,
    KINDS,
    RECEIPT,
    TRANSFER_DOCUMENT,
    WARRANTY,
    WAYBILL,
    Document,
    PaperSetup,
)  # fmt: skip
from dovolen.desk.orders.models import CANCELLED, CLOSED, DECLINED, READY, REPAIRED, TOLD, Line, RepairOrder
from dovolen.desk.people.models import COMPANY

A_PAGE = 50
IN_FORCE, VOIDED = "", "voided"


def of_order(person: Staff, order: RepairOrder) -> list[Document]:
    """Papers of an order, for who sees papers there: the latest first."""
    found = Document.objects.visible_to(person).filter(order=order)
    return list(found.select_related("by", "voided_by", "file").order_by("-at", "-pk"))


def for_client(order: RepairOrder) -> list[Document]:
    """What the client's page offers: papers meant for him that hold, the latest first."""
    found = Document.objects.filter(order=order, is_for_client=True, voided_at=None)
    return list(found.select_related("file").order_by("-at", "-pk"))


def package(order: RepairOrder, name: str) -> list[str]:
    """Kinds that are printed together, of those that this order has by its state and its client."""
    return [kind for kind in kinds.PACKAGES[name] if kind in fitting(order, name)]


def fitting(order: RepairOrder, name: str = "") -> list[str]:
    """Kinds that may be drawn up of an order as it stands; a package takes the УПД for companies alone."""
    lines = list(Line.objects.filter(order=order).exclude(state=DECLINED).order_by("position", "pk"))
    is_done = order.phase in (READY, TOLD, CLOSED) and order.outcome != CANCELLED
    has_lines = bool(lines)
    fits = {
        RECEIPT: True,
        ACT: is_done,
        WARRANTY: order.phase == CLOSED and order.outcome == REPAIRED and any(line.warranty_until for line in lines),
        INVOICE: has_lines,
        TRANSFER_DOCUMENT: is_done and has_lines and (not name or order.customer.kind == COMPANY),
        WAYBILL: is_done and any(line.kind == "part" for line in lines),
    }
    return [kind for kind in KINDS if fits.get(kind, has_lines)]


@dataclass(frozen=True)
class PaperFilters:
    """What the register shows."""

    text: str = ""
    kind: str = ""
    centre: int | None = None
    since: date | None = None
    until: date | None = None
    state: str = IN_FORCE


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins."""

    at: datetime
    key: int


def register(person: Staff, filters: PaperFilters, after: Cursor | None = None) -> tuple[list[Document], Cursor | None]:
    """Papers of the centres where he sees papers, the latest first, and where the next page begins."""
    found = _filtered(Document.objects.visible_to(person), filters)
    if after:
        found = found.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.key))
    rows = list(found.select_related("centre", "customer", "order", "by").order_by("-at", "-pk")[: A_PAGE + 1])
    if len(rows) <= A_PAGE:
        return rows, None
    last = rows[A_PAGE - 1]
    return rows[:A_PAGE], Cursor(last.at, last.pk)


def _filtered(found: QuerySet[Document], filters: PaperFilters) -> QuerySet[Document]:
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.centre:
        found = found.filter(centre=filters.centre)
    if filters.since:
        found = found.filter(at__date__gte=filters.since)
    if filters.until:
        found = found.filter(at__date__lte=filters.until)
    if filters.state == VOIDED:
        found = found.filter(voided_at__isnull=False)
    typed = filters.text.strip().removeprefix("№").strip()
    if typed.isdecimal() and len(typed) < 10:  # noqa: PLR2004 – what the column holds
        found = found.filter(Q(number=int(typed)) | Q(order__number=int(typed)))
    elif typed:
        found = found.filter(customer__name_key__contains=" ".join(typed.casefold().replace("ё", "е").split()))
    return found


def setup_of(centre: Centre) -> PaperSetup:
    """How the papers of a centre look; as they look by themselves where nobody said."""
    found = PaperSetup.objects.select_related("logo").filter(centre=centre).first()
    return found or PaperSetup(centre=centre, version=0)


def bytes_of(documents: Sequence[Document]) -> list[bytes]:
    """The very bytes that were printed. Raises: FileNotFoundError where the home folder lost them."""
    return [files.path_of(one.file.digest).read_bytes() for one in documents]
