"""Texts of banks as they come from them."""

from __future__ import annotations

OURS, OTHER, PAYER = "40702810500000000017", "40702810900000000099", "40702810200000000003"


def document(**told: str) -> str:
    """A payment that came; parts are named as 1C names them."""
    parts = {
        "Номер": "417", "Дата": "18.11.2026", "Сумма": "12500.50", "ПлательщикСчет": PAYER, "ДатаСписано": "",
        "Плательщик": 'ИНН 7604000019 ООО "Пример"', "ПлательщикИНН": "7604000019", "Плательщик1": 'ООО "Пример"',
        "ПолучательСчет": OURS, "ДатаПоступило": "19.11.2026", "Получатель": "ООО Образец", "ВидОплаты": "01",
        "НазначениеПлатежа": "Оплата по счёту № 12 от 18.11.2026, без НДС",
    }  # fmt: skip
    lines = [f"{name}={value}" for name, value in (parts | told).items()]
    return "\r\n".join(["СекцияДокумент=Платежное поручение", *lines, "КонецДокумента"])


def statement(*documents: str, version: str = "1.03", account: str = OURS, encoding: str = "cp1251") -> bytes:
    """A file of a bank."""
    about = [f"РасчСчет={account}"] if account else []
    lines = [
        "1CClientBankExchange", f"ВерсияФормата={version}", "Кодировка=Windows", "Отправитель=Банк Пример",
        "ДатаНачала=01.11.2026", "ДатаКонца=20.11.2026", *about, "СекцияРасчСчет", "ДатаНачала=01.11.2026",
        "НачальныйОстаток=0.00", *about, "КонецРасчСчет", *documents, "КонецФайла", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode(encoding)
