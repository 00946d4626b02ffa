"""Papers as pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, QuerySet

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import files
from dovolen.desk.documents import kinds
from dovolen.desk.documents.models import (
    ACT,
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
ALL, HOLDING, VOIDED = "", "holding", "voided"


def of_order(person: Staff, order: RepairOrder) -> list[Document]:
    """Papers of an order, for who sees papers there: the latest first."""
    found = Document.objects.visible_to(person).filter(order=order)
    return list(found.select_related("by", "voided_by", "file").order_by("-at", "-pk"))


def for_client(order: RepairOrder) -> list[Document]:
    """What the client's page offers: papers meant for him that hold, the latest first."""
    found = Document.objects.filter(order=order, is_for_client=True, voided_at=None)
    return list(found.select_related("file").order_by("-at", "-pk"))


def fitting(order: RepairOrder) -> list[str]:
    """Kinds that may be drawn up of an order as it stands. One query."""
    lines = list(Line.objects.filter(order=order).exclude(state=DECLINED).order_by("position", "pk"))
    is_done = order.phase in (READY, TOLD, CLOSED) and order.outcome != CANCELLED
    has_lines = bool(lines)
    fits = {
        RECEIPT: True,
        ACT: is_done,
        WARRANTY: order.phase == CLOSED and order.outcome == REPAIRED and any(line.warranty_until for line in lines),
        TRANSFER_DOCUMENT: is_done and has_lines,
        WAYBILL: is_done and any(line.kind == "part" for line in lines),
    }
    return [kind for kind in KINDS if fits.get(kind, has_lines)]


def package(order: RepairOrder, name: str, fits: Sequence[str]) -> list[str]:
    """Kinds that are printed together, of those that fit; a УПД goes to companies unasked, to people when asked for."""
    is_company = order.customer.kind == COMPANY
    return [kind for kind in kinds.PACKAGES[name] if kind in fits and (kind != TRANSFER_DOCUMENT or is_company)]


@dataclass(frozen=True)
class PaperFilters:
    """What the register shows."""

    text: str = ""
    kind: str = ""
    centre: int | None = None
    since: date | None = None
    until: date | None = None
    state: str = ALL


@dataclass(frozen=True)
class Page:
    """Some papers, and the cursors of what stands before and after them."""

    rows: list[Document]
    earlier: str = ""
    later: str = ""


def register(person: Staff, filters: PaperFilters, cursor: str = "") -> Page:
    """Papers of the centres where he sees papers, the latest first, by keyset."""
    found = _filtered(Document.objects.visible_to(person), filters)
    found = found.select_related("centre", "customer", "order", "by")
    way, at, key = _read(cursor)
    if at is None:
        rows, more = _some(found.order_by("-at", "-pk"))
        return Page(rows, later=_cursor("a", rows[-1]) if more else "")
    if way == "b":
        rows, more = _some(found.filter(Q(at__gt=at) | Q(at=at, pk__gt=key)).order_by("at", "pk"))
        rows = rows[::-1]
        return Page(rows, earlier=_cursor("b", rows[0]) if more else "", later=_cursor("a", rows[-1]) if rows else "")
    rows, more = _some(found.filter(Q(at__lt=at) | Q(at=at, pk__lt=key)).order_by("-at", "-pk"))
    return Page(rows, earlier=_cursor("b", rows[0]) if rows else "", later=_cursor("a", rows[-1]) if more else "")


def _some(found: QuerySet[Document]) -> tuple[list[Document], bool]:
    rows = list(found[: A_PAGE + 1])
    return rows[:A_PAGE], len(rows) > A_PAGE


def _cursor(way: str, row: Document) -> str:
    return f"{way}~{row.at.timestamp():.6f}~{row.pk}"


def _read(cursor: str) -> tuple[str, datetime | None, int]:
    """A cursor as an address brought it; what is none begins anew."""
    parts = cursor.split("~")
    try:
        way, at, key = parts
        return way, datetime.fromtimestamp(float(at), UTC), int(key)
    except (ValueError, OverflowError, OSError):
        return "", None, 0


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
    elif filters.state == HOLDING:
        found = found.filter(voided_at=None)
    typed = filters.text.strip().removeprefix("№").strip()
    if typed.isdecimal() and len(typed) < 10:
        found = found.filter(Q(number=int(typed)) | Q(order__number=int(typed)))
    elif typed:
        found = found.filter(customer__name_key__contains=" ".join(typed.casefold().replace("ё", "е").split()))
    return found


def setup_of(centre: Centre) -> PaperSetup:
    """How the papers of a centre look; as they look by themselves where nobody said."""
    found = PaperSetup.objects.select_related("logo").filter(centre=centre).first()
    return found or PaperSetup(centre=centre)


def setups_of(person: Staff) -> list[PaperSetup]:
    """How papers look at each centre whose papers he sets up, by name."""
    centres = Centre.objects.filter(pk__in=person.centre_ids("set up papers")).order_by("name", "pk")
    held = {one.centre_id: one for one in PaperSetup.objects.select_related("logo").filter(centre__in=centres)}
    return [held.get(centre.pk) or PaperSetup(centre=centre) for centre in centres]


def bytes_of(documents: Sequence[Document]) -> list[bytes]:
    """The very bytes that were printed. Raises: FileNotFoundError where the home folder lost them."""
    return [files.path_of(one.file.digest).read_bytes() for one in documents]
