"""Papers that tests begin with: a seller, a centre that sells in his name, an order that is handed over."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import files
from dovolen.desk.documents.models import Document
from dovolen.desk.money.models import LegalEntity, Seller
from dovolen.desk.orders.models import RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

COMPANY = {
    "name": "Ромашка", "legal_name": "ООО «Ромашка»", "tax_number": "7707083893", "kpp": "773601001",
    "ogrn": "1027700132195", "legal_address": "620014, г. Екатеринбург, ул. Ленина, д. 24", "phone": "+7 343 200-00-00",
    "bank_name": "ПАО СБЕРБАНК", "bik": "044525225", "account": "40702810740000432537",
    "corr_account": "30101810400000000225", "head_name": "Мельник Ольга Петровна", "head_post": "Генеральный директор",
    "accountant_name": "Седова Ирина Львовна",
}  # fmt: skip
ENTREPRENEUR = COMPANY | {
    "name": "ИП Иванов", "legal_name": "Индивидуальный предприниматель Иванов Иван Иванович", "kpp": "",
    "tax_number": "500100732259", "ogrn": "304500116000157", "head_name": "Иванов Иван Иванович",
    "head_post": "Индивидуальный предприниматель", "accountant_name": "",
}  # fmt: skip
MILLION = (
    {"kind": "labour", "name": "Замена матрицы", "price": 90_000_101, "norm_minutes": 90, "warranty_days": 90},
    {"kind": "part", "name": "Матрица NE160QDM", "price": 10_000_000, "cost": 1_135_000, "warranty_days": 180},
)
"""Lines that make 1 000 001,01 ₽."""


def seller(centre: Centre, **values: Any) -> LegalEntity:
    """In whose name a centre sells: a company without НДС, unless told otherwise."""
    entity = LegalEntity.objects.create(**COMPANY | values)
    Seller.objects.update_or_create(centre=centre, defaults={"entity": entity})
    return entity


def order(*, by: Staff, at: str = "picked_up", now: datetime = NOON, **told: Any) -> RepairOrder:
    """An order of 1 000 001,01 ₽, handed over unless told otherwise."""
    values = {"lines": MILLION, "promised_at": now + timedelta(days=2)} | told
    made = make.order(by=by, at=at, now=now, **values)
    return RepairOrder.objects.select_related("centre", "customer").get(pk=made.pk)


def company(*, by: Staff, **values: Any) -> Any:
    """A company whose papers can be drawn up."""
    made = make.company(by=by)
    facts = {"legal_address": "620075, г. Екатеринбург, ул. Мира, д. 1", "head_name": "Мисюра Андрей Васильевич"}
    for name, value in (facts | values).items():
        setattr(made.requisites, name, value)
    made.requisites.save()
    return made


def bytes_of(document: Document) -> bytes:
    """What was printed."""
    return files.path_of(document.file.digest).read_bytes()


def text_of(pdf: bytes) -> str:
    """What can be read in a PDF, blanks of every kind as one."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as opened:
        read = "\n".join(page.get_textpage().get_text_bounded() for page in opened)
    return re.sub(r"\s+", " ", read.replace("\u200b", "").replace("\ufffe", ""))


def pictures_of(pdf: bytes, scale: float = 3) -> list[Any]:
    """Its pages as pictures."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.render(scale=scale).to_pil() for page in opened]


def codes_in(pdf: bytes) -> list[str]:
    """What its QR codes say."""
    import zxingcpp

    return [code.text for picture in pictures_of(pdf) for code in zxingcpp.read_barcodes(picture)]
