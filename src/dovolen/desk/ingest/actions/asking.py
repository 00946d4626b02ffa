"""What people choose, and what they ask the importer to do. A state moves only on condition of the one before."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import NotAllowed, require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.claims import AT_ONCE
from dovolen.desk.ingest.actions.refusals import BadChoice, BadMapping, NotNow, OtherCurrency
from dovolen.desk.ingest.models import (
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    LOADING,
    MAPPED,
    READING,
    RIGHT,
    UNDOING,
    Import,
)
from dovolen.desk.orders.models import RepairOrder

NEW = "new"
DATE_ORDERS, DECIMALS = ("", "dmy", "mdy", "ymd"), ("", ",", ".")
CHOSEN = frozenset({"currency", "zone", "date_order", "decimal", "centres", "system"})
LONGEST_SYSTEM = 40
FREE: dict[str, Any] = {"token": F("token") + 1, "free_at": AT_ONCE, "tries": 0, "parked_at": None}
"""Whoever works at it now finds that it is no longer his."""


@transaction.atomic
def choose(*, source: Import, seen: int, mapping: str, choices: Mapping[str, Any], by: Staff, now: datetime) -> None:
    """Keep what people chose: TOML of the mapping; currency, zone, date_order, decimal, centres (word of the file → id
    of a centre, or "new"), system (by which name keys of the file are told from those of other sources).

    Raises: NotAllowed, NotNow, Stale, BadMapping, BadChoice, OtherCurrency. Leaves: `import.chosen`.
    """
    require(by, RIGHT, source.centre_id)
    _check_mapping(mapping)
    told = _checked(choices, by)
    kept = Import.objects.select_for_update().get(pk=source.pk)
    if kept.state not in (MAPPED, CHECKED, FAILED) or not kept.mapping or kept.progress:
        raise NotNow
    if kept.version != seen:
        raise Stale(kept.version, [])
    values = {"mapping": mapping, "choices": {**kept.choices, **told}, "found": {}, "refusal": {}, "state": MAPPED}
    if "system" in told:
        values["system"] = told["system"]
    Import.objects.filter(pk=kept.pk).update(version=F("version") + 1, **values, **FREE)
    journal.record("import.chosen", subject=kept, by=by, at=now, centre=kept.centre, chosen=sorted(told))
    source.refresh_from_db()


def _check_mapping(mapping: str) -> None:
    from dovolen.insight import mapping as mappings
    from dovolen.insight.schema import SchemaError

    try:
        mappings.from_toml(mapping)
    except (SchemaError, tomllib.TOMLDecodeError) as error:
        raise BadMapping(reason=str(error)[:300]) from error


def _checked(choices: Mapping[str, Any], by: Staff) -> dict[str, Any]:
    """Choices as they are kept. Raises: BadChoice, NotAllowed, OtherCurrency."""
    told = {name: value for name, value in choices.items() if name in CHOSEN}
    currency = str(told.get("currency", "")).strip().upper()
    is_code = len(currency) == 3 and currency.isascii() and currency.isalpha()
    if "currency" in told and currency and not is_code:
        raise BadChoice(name="currency")
    if "currency" in told:
        told["currency"] = currency
        check_currency(currency)
    if told.get("zone") and told["zone"] not in available_timezones():
        raise BadChoice(name="zone")
    if told.get("date_order", "") not in DATE_ORDERS or told.get("decimal", "") not in DECIMALS:
        raise BadChoice(name="notation")
    if "system" in told:
        told["system"] = str(told["system"]).strip()[:LONGEST_SYSTEM]
    if "centres" in told:
        told["centres"] = {str(word)[:80]: _centre(value, by) for word, value in dict(told["centres"]).items()}
    return told


def _centre(value: Any, by: Staff) -> int | str:
    if value == NEW:
        if not by.may("manage centres"):
            raise NotAllowed
        return NEW
    if not str(value).isascii() or not str(value).isdecimal():
        raise BadChoice(name="centres")
    if not Centre.objects.filter(pk=int(value), pk__in=by.centre_ids(RIGHT)).exists():
        raise NotAllowed
    return int(value)


def check_currency(currency: str) -> None:
    """Raises: OtherCurrency where the house has orders in another one."""
    ours = RepairOrder.objects.values_list("currency", flat=True).first()
    if currency and ours and ours != currency:
        raise OtherCurrency(theirs=currency, ours=ours)


@transaction.atomic
def ask_check(*, source: Import, by: Staff, now: datetime) -> None:
    """Let the importer try all of it and write nothing. Raises: NotAllowed, NotNow. Leaves: `import.check_asked`."""
    _move(source, (MAPPED, CHECKED), CHECKING, "import.check_asked", by, now, refusal={}, found={})


@transaction.atomic
def ask_load(*, source: Import, by: Staff, now: datetime) -> None:
    """Let the importer write it; one that was stopped goes on where it stood.

    Raises: NotAllowed, NotNow. Leaves: `import.load_asked`.
    """
    began = {"began_at": now} if source.began_at is None else {}
    _move(source, (CHECKED,), LOADING, "import.load_asked", by, now, refusal={}, loaded_by=by, **began)


@transaction.atomic
def ask_undo(*, source: Import, by: Staff, now: datetime) -> None:
    """Let the importer take its rows away again, as far as nobody worked with them.

    The importer refuses (`refusal` of the row, state as before) where somebody did.
    Raises: NotAllowed, NotNow. Leaves: `import.undo_asked`.
    """
    if source.began_at is None:
        raise NotNow
    _move(source, (DONE, CHECKED, FAILED), UNDOING, "import.undo_asked", by, now, refusal={}, undone_by=by)


STOPPED = {READING: FAILED, CHECKING: MAPPED, LOADING: CHECKED, UNDOING: DONE}


@transaction.atomic
def stop(*, source: Import, by: Staff, now: datetime) -> None:
    """Stop what is being done: what is loaded stays, may be gone on with or undone.

    Raises: NotAllowed, NotNow. Leaves: `import.stopped`.
    """
    state = Import.objects.values_list("state", flat=True).get(pk=source.pk)
    if state not in STOPPED:
        raise NotNow
    _move(source, (state,), STOPPED[state], "import.stopped", by, now)


def _move(source: Import, before: tuple[str, ...], to: str, kind: str, by: Staff, now: datetime, **values: Any) -> None:
    require(by, RIGHT, source.centre_id)
    moved = Import.objects.filter(pk=source.pk, state__in=before).update(state=to, **values, **FREE)
    if not moved:
        raise NotNow
    journal.record(kind, subject=source, by=by, at=now, centre=source.centre, before=source.state)
    source.refresh_from_db()
