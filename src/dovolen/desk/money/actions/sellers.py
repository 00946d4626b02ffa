"""In whose name the house sells: its legal entities, and which of them at which centre."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from dovolen.desk.accounts.actions import NotAllowed, require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.changes import change
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import known, said, text
from dovolen.desk.money.models import LegalEntity, Seller
from dovolen.desk.money.taxes import REGIMES, rates_on
from dovolen.desk.people import requisites
from dovolen.desk.people.actions import BadRequisites

RIGHT = "set up money"
TEXTS = {
    "legal_address": 300, "phone": 30, "bank_name": 200, "head_name": 120, "head_post": 80, "accountant_name": 120,
}  # fmt: skip


class EntityTaken(Refusal):
    """Another legal entity is called so."""

    key = "ledger.refused.entity_taken"


class NotOfRegime(Refusal):
    """Who pays tax so may not write this rate today."""

    key = "ledger.refused.not_of_regime"


class EntitySells(Refusal):
    """It is the seller of a centre."""

    key = "ledger.refused.entity_sells"


class EntityOff(Refusal):
    """It sells no more."""

    key = "ledger.refused.entity_off"


@transaction.atomic
def add_entity(*, by: Staff, now: datetime, **facts: str) -> LegalEntity:
    """A further company or entrepreneur in whose name is sold.

    Raises: NotAllowed, EntityTaken, BadRequisites, NotOfRegime, NoText, TooLong, UnknownCode. Leaves: `entity.added`.
    """
    if not by.may(RIGHT):
        raise NotAllowed
    told = _sound(facts, by, now)
    try:
        with transaction.atomic():
            entity = LegalEntity.objects.create(**told)
    except IntegrityError:
        raise EntityTaken(name=told["name"]) from None
    journal.record("entity.added", subject=entity, by=by, at=now, regime=entity.regime, tax_code=entity.tax_code)
    return entity


@transaction.atomic
def change_entity(*, entity: LegalEntity, seen: int, by: Staff, now: datetime, **facts: str) -> None:
    """Change what is told of it. Raises: as `add_entity`, and Stale. Leaves: `entity.changed` with what changed."""
    _require(by, entity)
    told = _sound(facts, by, now)
    try:
        with transaction.atomic():
            changed = change(entity, seen=seen, **told)
    except IntegrityError:
        raise EntityTaken(name=told["name"]) from None
    if changed:
        journal.record(
            "entity.changed", subject=entity, by=by, at=now, changed=changed, regime=entity.regime,
            tax_code=entity.tax_code,
        )  # fmt: skip


@transaction.atomic
def switch_entity(*, entity: LegalEntity, on: bool, by: Staff, now: datetime) -> None:
    """Sell in its name no more, or again; what was sold stays.

    Raises: NotAllowed, EntitySells. Leaves: `entity.switched_on`, `…_off`.
    """
    _require(by, entity)
    held = LegalEntity.objects.select_for_update().get(pk=entity.pk)
    if not on and (seller := held.sellers.select_related("centre").order_by("centre__name", "pk").first()):
        raise EntitySells(centre=seller.centre.name)
    if held.is_active != on:
        LegalEntity.objects.filter(pk=held.pk).update(is_active=on)
        entity.is_active = on
        journal.record("entity.switched_on" if on else "entity.switched_off", subject=entity, by=by, at=now)


@transaction.atomic
def set_seller(*, centre: Centre, entity: LegalEntity, by: Staff, now: datetime) -> None:
    """From now on a centre sells in this name. Raises: NotAllowed, EntityOff. Leaves: `centre.seller_set`."""
    require(by, RIGHT, centre)
    held = LegalEntity.objects.select_for_update().get(pk=entity.pk)
    if not held.is_active:
        raise EntityOff(name=held.name)
    if Seller.objects.filter(centre=centre, entity=held).exists():
        return
    Seller.objects.update_or_create(centre=centre, defaults={"entity": held})
    journal.record("centre.seller_set", subject=centre, by=by, at=now, centre=centre, entity=held)


def _require(by: Staff, entity: LegalEntity) -> None:
    """Who changes a seller has a say wherever it sells; anywhere, where it sells nowhere. Raises: NotAllowed."""
    at = set(entity.sellers.values_list("centre_id", flat=True))
    if not (by.may(RIGHT) and at <= by.centre_ids(RIGHT)):
        raise NotAllowed


def _sound(facts: dict[str, str], by: Staff, now: datetime) -> dict[str, str]:
    """What is told, as the table keeps it. Raises: BadRequisites, NotOfRegime, NoText, TooLong, UnknownCode."""
    told = {name: text(facts.get(name, ""), longest) for name, longest in TEXTS.items()}
    told |= {"name": said(facts["name"], 80), "legal_name": said(facts["legal_name"], 300)}
    told |= {name: requisites.compact(facts.get(name, "")) for name in requisites.NUMBERS}
    if problems := requisites.problems(told):
        raise BadRequisites(problems)
    regime, code = known(facts["regime"], tuple(REGIMES)), facts["tax_code"]
    today = by.centre.local(now).date() if by.centre else now.date()
    if code not in rates_on(today, regime):
        raise NotOfRegime
    return told | {"regime": regime, "tax_code": code}
