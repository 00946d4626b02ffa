"""The payment code of a bill, read back as a bank's application reads it."""

from __future__ import annotations

import io

import segno
import zxingcpp
from PIL import Image

from dovolen.desk.documents.payment_code import LONGEST, payment_text

PAYEE = {
    "Name": "ООО «Ромашка»", "PersonalAcc": "40702810740000432537", "BankName": "ПАО СБЕРБАНК", "BIC": "044525225",
    "CorrespAcc": "30101810400000000225", "PayeeINN": "7707083893", "KPP": "773601001",
}  # fmt: skip


def read(text: str) -> zxingcpp.Barcode:
    out = io.BytesIO()
    segno.make(text.encode(), micro=False, error="m", mode="byte", eci=False).save(out, kind="png", scale=4, border=4)
    with Image.open(out) as picture:
        (found,) = zxingcpp.read_barcodes(picture)
    return found


def test_the_code_says_whom_and_how_much_to_pay_in_kopecks() -> None:
    text = payment_text(amount=100_000_101, purpose="Оплата по счёту № 17", payee=PAYEE)

    assert text == (
        "ST00012|Name=ООО «Ромашка»|PersonalAcc=40702810740000432537|BankName=ПАО СБЕРБАНК|BIC=044525225"
        "|CorrespAcc=30101810400000000225|Sum=100000101|Purpose=Оплата по счёту № 17|PayeeINN=7707083893|KPP=773601001"
    )
    assert read(text).bytes == text.encode()


def test_an_entrepreneur_has_no_kpp_there() -> None:
    assert "KPP" not in payment_text(amount=1, purpose="x", payee=PAYEE | {"KPP": ""})


def test_no_value_ends_the_block_early_or_runs_over_its_place() -> None:
    text = payment_text(amount=1, purpose="a|Sum=1\n|" + "ж" * 400, payee=PAYEE | {"Name": "Н|PersonalAcc=1" * 40})

    fields = dict(part.partition("=")[::2] for part in text.split("|")[1:])
    assert fields["Sum"] == "1"
    assert fields["PersonalAcc"] == PAYEE["PersonalAcc"]
    assert {name: len(fields[name]) for name in ("Name", "Purpose")} == {
        name: LONGEST[name] for name in ("Name", "Purpose")
    }
