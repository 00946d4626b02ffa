"""Clients of a batch: known by their key, by numbers that only they have, or new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dovolen.desk.core.bulk import among
from dovolen.desk.ingest.models import CREATED, CUSTOMERS, ImportedRow
from dovolen.desk.ingest.work.plans import Change, Known, Plan, Work, done, known, note
from dovolen.desk.people import actions as people
from dovolen.desk.people import requisites
from dovolen.desk.people.actions.many import LONGEST, Told, found_by, tidied
from dovolen.desk.people.models import Customer, CustomerPlace, Email, Phone, Requisites

Row = Mapping[str, Any]
WRITTEN_OVER = ("name", "address", "source")
MOST_ALIKE = 50
"""So many of the base behind one number: it is everybody's, and tells nothing."""


def plan(work: Work, number: int) -> Plan:
    """What becomes of the clients of one batch."""
    if work.dry and (keys := _new_keys(work, number)) is not None:
        return Plan(create=[(key, {}) for key in keys])
    made = Plan()
    rows = work.staged.batch(CUSTOMERS, number)
    over = done(work, CUSTOMERS, [row["key"] for row in rows])
    rows = [row for row in rows if row["key"] not in over]
    by_key = known(work, CUSTOMERS, [row["key"] for row in rows])
    alike, made.suspects = _alike(work, [row for row in rows if row["key"] not in by_key])
    held = _held([*(one.object_id for one in by_key.values()), *alike.values()])
    for row in rows:
        one = by_key.get(row["key"])
        customer = held.get(one.object_id if one else alike.get(row["key"], 0))
        if customer is None:
            made.create.append((row["key"], row))
        else:
            _known(made, row, customer, one)
    return made


def _new_keys(work: Work, number: int) -> list[str] | None:
    """Keys of a batch that the base knows nobody of: its rows need not be looked at one by one. Else None."""
    import pyarrow.compute as pc

    found = work.staged.columns(CUSTOMERS, number, ("key", "phones", "emails", "tax_number"))
    keys: list[str] = found["key"].to_pylist()
    phones, emails = (pc.list_flatten(found[name]).to_pylist() for name in ("phones", "emails"))
    tax_numbers = _tax_numbers(found["tax_number"].drop_null().to_pylist())
    if known(work, CUSTOMERS, keys) or _holders(set(phones), set(emails), tax_numbers):
        return None
    return keys


def _held(keys: Sequence[int]) -> dict[int, Customer]:
    """Key → the client it leads to today: one who was joined to another is the other."""
    if not keys:
        return {}
    rows = Customer.objects.prefetch_related("phones", "emails").in_bulk(list(set(keys)))
    for key, row in list(rows.items()):
        for _ in range(10):
            if row.merged_into_id is None:
                break
            row = Customer.objects.prefetch_related("phones", "emails").get(pk=row.merged_into_id)  # noqa: PLW2901
        rows[key] = row
    return rows


def _known(made: Plan, row: Row, customer: Customer, one: Known | None) -> None:
    """Somebody who is there: what the file adds, and what it writes over where nobody else did since."""
    is_ours = one is not None and one.object_id == customer.pk and customer.version == one.version
    told = tidied(row)
    values: dict[str, Any] = {}
    for name in WRITTEN_OVER:
        was = getattr(customer, name)
        if told[name] and told[name] != was and (is_ours or not was):
            values[name] = told[name]
    if row["regular_mark"] and not customer.regular_mark:
        values["regular_mark"] = True
    numbers = {phone.number for phone in customer.phones.all()}
    addresses = {email.address for email in customer.emails.all()}
    more = {
        "phones": [number for number in row["phones"] or () if number not in numbers],
        "emails": [address for address in row["emails"] or () if address not in addresses],
    }
    if any(change.object_id == customer.pk for change in made.update):  # two keys of the file are one client here
        values, more = {}, {"phones": [], "emails": []}
    if not values and not any(more.values()):
        made.match.append((row["key"], customer.pk, customer.version))
        return
    before = {name: getattr(customer, name) for name in values} | {name: list(new) for name, new in more.items() if new}
    made.update.append(Change(row["key"], customer.pk, values, before, more))


# ── The base already has him ─────────────────────────────────────────────────────────────────────────────────────────


def _alike(work: Work, rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Key → client of the base who is surely the same; and how many are perhaps."""
    found = _sharing(work, rows)
    if not found:
        return {}, 0
    legal = _by_tax_number(rows)
    pairs = _judged([row for row in rows if row["key"] in found], found)
    sure = {**{key: who for key, who, is_sure in pairs if is_sure}, **legal}
    doubtful = {key for key, _, is_sure in pairs if not is_sure} - sure.keys()
    return sure, len(doubtful)


def _sharing(work: Work, rows: Sequence[Row]) -> dict[str, set[int]]:
    """Key → clients of the base who share a number with him; those of this import do not count."""
    numbers = {number for row in rows for number in row["phones"] or ()}
    addresses = {address for row in rows for address in row["emails"] or ()}
    by_number = _holders(numbers, addresses, _tax_numbers(row["tax_number"] for row in rows))
    if not by_number:
        return {}
    everybody = set().union(*by_number.values())
    own = set()
    if not work.dry:
        own = set(
            ImportedRow.objects.filter(source=work.source, table=CUSTOMERS, object_id__in=among(everybody))
            .values_list("object_id", flat=True)
        )  # fmt: skip
    found: dict[str, set[int]] = {}
    for row in rows:
        shared = [*(row["phones"] or ()), *(row["emails"] or ()), requisites.compact(row["tax_number"] or "")]
        alike: set[int] = set().union(*(by_number.get(number, set()) for number in shared if number)) - own
        if alike and len(alike) <= MOST_ALIKE:
            found[row["key"]] = alike
    return found


def _holders(numbers: set[str], addresses: set[str], tax_numbers: set[str]) -> dict[str, set[int]]:
    """Number or address → clients of the base who have it."""
    found: dict[str, set[int]] = {}
    for rows, column, values in (
        (Phone.objects, "number", numbers), (Email.objects, "address", addresses),
        (Requisites.objects, "tax_number", tax_numbers),
    ):  # fmt: skip
        if values:
            for who, value in rows.filter(**{f"{column}__in": among(values)}).values_list("customer", column):
                found.setdefault(value, set()).add(who)
    return found


def _tax_numbers(told: Iterable[str | None]) -> set[str]:
    numbers = (requisites.compact(number) for number in told if number)
    return {number for number in numbers if requisites.is_tax_number(number)}


def _by_tax_number(rows: Sequence[Row]) -> dict[str, int]:
    """Key → the one client who has this tax number."""
    held = dict(
        Requisites.objects.filter(tax_number__in=_tax_numbers(row["tax_number"] for row in rows)).values_list(
            "tax_number", "customer"
        )
    )
    told = {row["key"]: requisites.compact(row["tax_number"]) for row in rows if row["tax_number"]}
    return {key: held[number] for key, number in told.items() if number in held}


def _judged(rows: Sequence[Row], sharing: Mapping[str, set[int]]) -> list[tuple[str, int, bool]]:
    """Key, client of the base, whether they are surely one: by the library's rules for the same person twice."""
    import pyarrow as pa

    from dovolen.insight.identity import finding

    theirs = Customer.objects.filter(merged_into=None).prefetch_related("phones", "emails").in_bulk(
        list(set().union(*sharing.values()))
    )  # fmt: skip
    told = [
        ("f", row["key"], row["kind"], tidied(row)["name"], row["phones"] or (), row["emails"] or ()) for row in rows
    ]
    told += [
        ("b", str(who.pk), who.kind, who.name, [phone.number for phone in who.phones.all()],
         [email.address for email in who.emails.all()])
        for who in theirs.values()
    ]  # fmt: skip
    texts = pa.string()
    table = pa.table(
        {
            "customer_id": pa.array([f"{side}{key}" for side, key, *_ in told], texts),
            "kind": pa.array([one[2] or None for one in told], texts),
            "name": pa.array([one[3] or None for one in told], texts),
            "phones": pa.array([", ".join(one[4]) or None for one in told], texts),
            "emails": pa.array([", ".join(one[5]) or None for one in told], texts),
        }
    )
    pairs = finding.find(table).pairs.select(["id_a", "id_b", "decision"]).to_pylist()
    found: dict[tuple[str, int], bool] = {}
    for pair in pairs:
        both = sorted((pair["id_a"], pair["id_b"]))
        if both[0][0] == "b" and both[1][0] == "f":
            found.setdefault((both[1][1:], int(both[0][1:])), pair["decision"] == "automatic")
    return [(key, who, is_sure) for (key, who), is_sure in found.items()]


# ── Written ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def tell(work: Work, made: Plan) -> None:
    """Work out the new ones as they are entered, so that the base need not be locked for it."""
    made.told = [_told(work, key, row) for key, row in made.create]
    for one in made.told:
        one.found_by = found_by(one)


def write(work: Work, made: Plan, number: int) -> None:  # noqa: ARG001 – as the others
    """Write what becomes of the clients of a batch, inside the caller's transaction."""
    if made.told is None:
        tell(work, made)
    keys = people.add_many(told=made.told or [], by=work.by, now=work.now)
    versions = {}
    for change in made.update:
        customer = Customer.objects.get(pk=change.object_id)
        people.add_to(
            customer=customer, values=change.values, phones=change.more["phones"], emails=change.more["emails"]
        )
        versions[customer.pk] = customer.version
    _be_known(work, made)
    note(work, CUSTOMERS, made, keys, versions)


def tie_referred(work: Work, number: int) -> None:
    """Tell the clients of a batch, where this import made them, who brought them; done again it changes nothing."""
    told = {row["key"]: row["referred_key"] for row in work.staged.batch(CUSTOMERS, number) if row["referred_key"]}
    by = known(work, CUSTOMERS, told.values(), own=True)
    made = ImportedRow.objects.filter(source=work.source, table=CUSTOMERS, action=CREATED, key__in=among(told))
    if by:
        people.be_brought_by(
            who={who: by[told[key]].object_id for key, who in made.values_list("key", "object_id") if told[key] in by}
        )


def _be_known(work: Work, made: Plan) -> None:
    """Those who were there are known at the centre that brings them."""
    ids = {object_id for _, object_id, _ in made.match} | {change.object_id for change in made.update}
    at = work.now.isoformat(sep=" ")
    if ids:
        held = set(CustomerPlace.objects.filter(customer__in=ids, centre=work.source.centre_id).values_list(
            "customer", flat=True
        ))  # fmt: skip
        people.be_known_at(places={(who, work.source.centre_id): at for who in ids - held})


def _told(work: Work, key: str, row: Row) -> Told:
    texts = tidied(row)
    unread = ", ".join(filter(None, (row["unread_phones"], row["unread_emails"], _unread_tax_number(row))))
    places = {work.centre(word): row["since"] for word in row["centres"]} if row["centres"] else {}
    return Told(
        name=texts["name"] or key, kind=row["kind"] or "", phones=row["phones"] or (), emails=row["emails"] or (),
        address=_address(row, texts["address"]), source=texts["source"], tax_number=row["tax_number"] or "",
        regular_mark=bool(row["regular_mark"]), class_hand=row["class_hand"] or "",
        class_hand_at=row["class_hand_at"] or "", blocked_at=row["blocked_at"] or "",
        created_at=row["created_at"] or row["since"] or "", image_value=row["image_value"],
        potential=row["potential"], manager_id=work.person(row["manager"]), note=unread,
        places=places or {work.source.centre_id: row["created_at"] or ""},
    )  # fmt: skip


def _address(row: Row, address: str) -> str:
    """Address with its town and post code where they stand in columns of their own."""
    return ", ".join(filter(None, (row["postcode"], row["place"], address)))[: LONGEST["address"]]


def _unread_tax_number(row: Row) -> str:
    if not row["tax_number"]:
        return ""
    number = requisites.compact(row["tax_number"])
    return number if number and not requisites.is_tax_number(number) else ""
