"""Clients and devices of the history, written at once: as their actions would have left them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from stdnum import luhn
from stdnum.ru import inn

from dovolen.desk.assets.identifiers import serial_key
from dovolen.desk.assets.models import IMEI, Asset, AssetPlace, Category, Ownership
from dovolen.desk.core import search
from dovolen.desk.demo import bulk
from dovolen.desk.demo.drawn import Drawn, Lives
from dovolen.desk.demo.house import House
from dovolen.desk.demo.ledger import Ledger
from dovolen.desk.demo.told import told
from dovolen.desk.people import names, standard
from dovolen.desk.people.models import (
    COMPANY,
    PERSON,
    PURPOSES,
    Consent,
    ConsentText,
    Customer,
    CustomerPlace,
    Email,
    Phone,
    Requisites,
)

CENTRES = ("Центр", "Север")
MANAGERS = ("Марина", "Олег")
"""As the library's invented centre calls its branches and those who take in."""
AGREES_TO_ADVERTISING = 0.55
PAPER = "paper"
CITY_CODE = "76"


@dataclass
class Cards:
    """Rows by the key of what was drawn."""

    customers: dict[int, Customer] = field(default_factory=dict)
    assets: dict[int, Asset] = field(default_factory=dict)


def branch(order: Drawn) -> int:
    """At which of the places."""
    return CENTRES.index(order.facts["centre"])


# ── Facts, also for cards that are made by actions ───────────────────────────────────────────────────────────────────


def device(row: dict[str, Any], category: Category) -> dict[str, Any]:
    """What is told of a device: brand, model and number by chance of its own, the same at every call."""
    chance = random.Random(row["asset_id"])
    models: dict[str, list[str]] = told()["models"][row["category"]]
    brand = row["brand"] if row["brand"] in models else chance.choice(sorted(models))
    number = _imei(chance) if category.identifier == IMEI else _serial(chance)
    dates = {name: row[column] for name, column in (("made_on", "made_at"), ("warranty_until", "warranty_until"))}
    return {"brand": brand, "model": chance.choice(models[brand]), "serial_number": number, **dates}


def _imei(chance: random.Random) -> str:
    body = "35" + "".join(str(chance.randrange(10)) for _ in range(12))
    return body + luhn.calc_check_digit(body)


def _serial(chance: random.Random) -> str:
    return "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ23456789") for _ in range(10))


def requisites(row: dict[str, Any]) -> dict[str, str]:
    """What papers say of an invented company; the control digits are right."""
    chance = random.Random(row["customer_id"])
    body = CITY_CODE + f"{chance.randrange(10_000_000):07d}"
    ogrn = f"11{chance.randrange(10, 26)}{CITY_CODE}{chance.randrange(10_000):04d}00"
    return {
        "legal_name": row["name"],
        "tax_number": body + inn.calc_company_check_digit(body),
        "kpp": body[:4] + "01001",
        "ogrn": f"{ogrn}{int(ogrn) % 11 % 10}",
        "legal_address": "Ярославль, ул. Свободы, 17",
        "bank_name": chance.choice(told()["banks"]),
    }


# ── Written at once ──────────────────────────────────────────────────────────────────────────────────────────────────


def write(lives: Lives, orders: list[Drawn], house: House, categories: dict[str, Category], ledger: Ledger) -> Cards:
    """The clients and devices of these orders."""
    cards = Cards()
    _customers(lives, orders, house, cards, ledger)
    _assets(lives, orders, house, categories, cards, ledger)
    return cards


def _firsts(orders: list[Drawn], column: str) -> dict[int, dict[int, datetime]]:
    """Key → place → when it first came there."""
    seen: dict[int, dict[int, datetime]] = {}
    for order in orders:
        seen.setdefault(order.facts[column], {}).setdefault(branch(order), order.accepted_at)
    return seen


def _home(firsts: dict[int, datetime]) -> int:
    """The place that he came to first."""
    return min(firsts, key=lambda place: firsts[place])


def _customers(lives: Lives, orders: list[Drawn], house: House, cards: Cards, ledger: Ledger) -> None:
    seen = _firsts(orders, "customer_id")
    rows = [lives.customers[key] for key in sorted(seen, key=lambda key: (min(seen[key].values()), key))]
    created = {row["customer_id"]: min(seen[row["customer_id"]].values()) - timedelta(minutes=4) for row in rows}
    for row in rows:
        key = row["customer_id"]
        by = house.receptionist(house.centres[_home(seen[key])])
        cards.customers[key] = Customer(
            kind=row["kind"], name=row["name"], name_key=names.key(row["name"]), address=row["address"] or "",
            source=row["source"] or "", regular_mark=row["regular_mark"], image_value=row["image_value"],
            potential=row["potential"], created_at=created[key], created_by=by,
        )  # fmt: skip
    for order in orders:
        customer = cards.customers[order.facts["customer_id"]]
        customer.n_orders, customer.latest_order_at = customer.n_orders + 1, order.accepted_at
    _referrals(rows, cards)
    bulk.write(cards.customers.values())
    _around_customers(rows, seen, house, cards)
    _consents(cards, ledger)
    for key, customer in cards.customers.items():
        ledger.note(
            "customer.added", subject=customer, by=customer.created_by, at=customer.created_at,
            centre=house.centres[_home(seen[key])], private={"name": customer.name}, sort=customer.kind,
        )  # fmt: skip


def _referrals(rows: list[dict[str, Any]], cards: Cards) -> None:
    for row in rows:
        by = cards.customers.get(row["referred_by"] or 0)
        customer = cards.customers[row["customer_id"]]
        if by and by.created_at < customer.created_at:
            customer.referred_by = by


def _around_customers(
    rows: list[dict[str, Any]], seen: dict[int, dict[int, datetime]], house: House, cards: Cards
) -> None:
    """Places, phones, addresses, requisites, consents, and what search knows."""
    phones, emails, legal, found = [], [], [], []
    for row in rows:
        customer = cards.customers[row["customer_id"]]
        texts = [customer.name, row["phones"], *filter(None, [row["emails"]])]
        relation = "work" if customer.kind == COMPANY else "own"
        phones.append(Phone(customer=customer, number=row["phones"], relation=relation, is_main=True))
        if row["emails"]:
            emails.append(Email(customer=customer, address=row["emails"], is_main=True))
        if customer.kind != PERSON:
            legal.append(Requisites(customer=customer, **requisites(row)))
            texts += [legal[-1].legal_name, legal[-1].tax_number]
        found.append(search.row("customer", customer.pk, texts))
    places = [
        CustomerPlace(customer=cards.customers[key], centre=house.centres[place], since=since)
        for key, firsts in seen.items()
        for place, since in firsts.items()
    ]
    for fresh in (phones, emails, legal, places, found):
        bulk.write(fresh)


def _consents(cards: Cards, ledger: Ledger) -> None:
    """Everybody agreed to processing and service messages, half to advertising too."""
    standard.ensure(min(customer.created_at for customer in cards.customers.values()))
    texts = {text.purpose: text for text in ConsentText.objects.filter(number=1)}
    given = [
        Consent(
            customer=customer, purpose=purpose, is_given=True, at=customer.created_at, by=customer.created_by,
            text=texts[purpose], proof=PAPER,
        )
        for key, customer in cards.customers.items()
        for purpose in PURPOSES[: 3 if random.Random(key).random() < AGREES_TO_ADVERTISING else 2]
    ]  # fmt: skip
    bulk.write(given)
    for consent in given:
        ledger.note(
            "customer.consent_given", subject=consent.customer, by=consent.by, at=consent.at, consent=consent.pk,
            purpose=consent.purpose, channel=consent.channel, proof=consent.proof, text=1,
        )  # fmt: skip


def _assets(
    lives: Lives, orders: list[Drawn], house: House, categories: dict[str, Category], cards: Cards, ledger: Ledger
) -> None:
    seen = _firsts(orders, "asset_id")
    for key in sorted(seen, key=lambda key: (min(seen[key].values()), key)):
        row = lives.assets[key]
        category = categories[row["category"]]
        owner = cards.customers[row["customer_id"]]
        facts = device(row, category)
        at = min(seen[key].values()) - timedelta(minutes=2)
        cards.assets[key] = Asset(
            category=category, owner=owner, serial_key=serial_key(facts["serial_number"]), created_at=at,
            created_by=house.receptionist(house.centres[next(iter(seen[key]))]), **facts,
        )  # fmt: skip
    bulk.write(cards.assets.values())
    bulk.write(
        [Ownership(asset=asset, customer=asset.owner, since=asset.created_at) for asset in cards.assets.values()],
    )
    bulk.write(
        [
            AssetPlace(asset=cards.assets[key], centre=house.centres[place], since=since)
            for key, firsts in seen.items()
            for place, since in firsts.items()
        ],
    )
    bulk.write(
        [search.row("asset", asset.pk, [str(asset), asset.serial_number]) for asset in cards.assets.values()],
    )
    for key, asset in cards.assets.items():
        ledger.note(
            "asset.added", subject=asset, by=asset.created_by, at=asset.created_at,
            centre=house.centres[next(iter(seen[key]))], category=asset.category.code, owner=asset.owner,
        )  # fmt: skip
