"""Who sells and who buys, as papers write them."""

from __future__ import annotations

from typing import Any

from dovolen.desk.documents.queries.sources import Source
from dovolen.desk.documents.wording import acts_as, genitive_name, genitive_post, short_name
from dovolen.desk.money.models import LegalEntity
from dovolen.insight.words import Words

ENTREPRENEUR_DIGITS = 12


def is_entrepreneur(tax_number: str) -> bool:
    """An ИНН of twelve digits is a person's: such a seller has no КПП and signs himself."""
    return len(tax_number) == ENTREPRENEUR_DIGITS


def seller_facts(entity: LegalEntity, speaker: Words) -> dict[str, Any]:
    """Who sells."""
    return {
        "name": entity.legal_name, "tax_number": entity.tax_number, "kpp": entity.kpp, "ogrn": entity.ogrn,
        "address": entity.legal_address, "phone": entity.phone, "bank": entity.bank_name, "bik": entity.bik,
        "account": entity.account, "corr_account": entity.corr_account, "head": entity.head_name,
        "head_short": short_name(entity.head_name), "head_post": entity.head_post,
        "accountant_short": short_name(entity.accountant_name),
        "is_entrepreneur": is_entrepreneur(entity.tax_number),
        "numbers": _numbers(entity.tax_number, entity.kpp),
        "line": _line(entity, speaker), "acting": _seller_acting(entity),
    }  # fmt: skip


def client_facts(source: Source, speaker: Words) -> dict[str, Any]:
    """Who buys: a company by its requisites, a person by name."""
    one = source.requisites
    if not source.is_company or one is None:
        return {
            "name": source.customer.name, "phone": source.phone,
            "address": source.customer.address, "tax_number": "", "kpp": "", "numbers": "", "bank": "",
            "line": _joined(source.customer.name, source.customer.address, source.phone), "acting": "",
            "consignee": _joined(source.customer.name, source.customer.address), "head_short": "",
            "short": short_name(source.customer.name),
        }  # fmt: skip
    return {
        "name": one.legal_name or source.customer.name, "phone": one.phone or source.phone,
        "address": one.legal_address, "tax_number": one.tax_number, "kpp": one.kpp,
        "numbers": _numbers(one.tax_number, one.kpp), "bank": _bank(one, speaker), "line": _line(one, speaker),
        "acting": _acting(one.head_name, "", one.tax_number), "head_short": short_name(one.head_name),
        "consignee": _joined(
            one.consignee or one.legal_name or source.customer.name, one.consignee_address or one.legal_address
        ),
        "short": short_name(one.head_name),
    }  # fmt: skip


def _numbers(tax_number: str, kpp: str) -> str:
    """ИНН/КПП, as the forms want them."""
    return f"{tax_number}/{kpp}" if kpp else tax_number


def _line(one: Any, speaker: Words) -> str:
    """A party in one line: name, numbers, address, phone."""
    numbers = (("tax_number", one.tax_number), ("kpp", one.kpp))
    named = [speaker.say(f"papers.print.{name}", number=number) for name, number in numbers if number]
    phone = speaker.say("papers.print.phone", number=one.phone) if one.phone else ""
    return _joined(one.legal_name, *named, one.legal_address, phone)


def _bank(one: Any, speaker: Words) -> str:
    if not one.account:
        return ""
    told = (("account", one.account), ("bank", one.bank_name), ("bik", one.bik), ("corr_account", one.corr_account))
    return _joined(*(speaker.say(f"papers.print.{name}", number=value) for name, value in told if value))


def _seller_acting(entity: LegalEntity) -> str:
    return _acting(entity.head_name, entity.head_post, entity.tax_number)


def _acting(head: str, post: str, tax_number: str) -> str:
    """«в лице генерального директора Иванова Ивана Ивановича, действующего на основании Устава»: of companies."""
    if not head or is_entrepreneur(tax_number):
        return ""
    who = " ".join(filter(None, [genitive_post(post) if post else "", genitive_name(head)]))
    return f"в лице {who}, {acts_as(head)} на основании Устава"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
