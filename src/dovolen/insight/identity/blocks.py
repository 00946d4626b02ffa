"""Which pairs are worth comparing: those that share a telephone, a number, a spelling of the name, rare words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from dovolen.insight.identity.names import meanings
from dovolen.insight.identity.normal import folded
from dovolen.insight.identity.records import Ints, Many, Records

LARGEST = 50
"""Clients of one block at most: what more of them share (a reception's number, "Иванов И") tells nobody apart."""

Keys = Iterable[tuple[int, str]]


def pairs(records: Records) -> tuple[Ints, Ints, int]:
    """Both sides of every pair to compare (left < right, sorted, none twice), and how many blocks were too large."""
    found, too_large = [], 0
    for rows, keys in _passes(records):
        codes, skipped = _inside(rows, keys, len(records))
        found.append(codes)
        too_large += skipped
    codes = _once(np.concatenate(found))
    return codes // max(len(records), 1), codes % max(len(records), 1), too_large


def _passes(records: Records) -> Iterator[tuple[Ints, Ints]]:
    """One pass a kind of key: rows and the codes of their keys."""
    for many in (records.phones, records.tails, records.emails, records.plates, records.serials):
        yield _of_many(many)
    for keys in (_names(records), _whole_names(records), _numbers(records), _words(records), _houses(records)):
        yield _coded(keys)


def _of_many(many: Many) -> tuple[Ints, Ints]:
    rows, columns = np.nonzero(many.codes >= 0)
    return rows.astype(np.int64), many.codes[rows, columns]


def _coded(keys: Keys) -> tuple[Ints, Ints]:
    known: dict[str, int] = {}
    rows, codes = [], []
    for row, key in keys:
        rows.append(row)
        codes.append(known.setdefault(key, len(known)))
    return np.array(rows, np.int64), np.array(codes, np.int64)


def _names(records: Records) -> Keys:
    """Surname with initial, and the two in each other's place; prefixes stand for a surname mistyped at its end."""
    for row, (surname, given) in enumerate(zip(records.surname, records.given, strict=True)):
        if surname and given:
            last, first = folded(surname), folded(given)
            yield row, f"{last} {first[:1]}"
            yield row, f"{first} {last[:1]}"
            yield row, f"{last[:4]}~{first[:4]}"
            yield row, f"{first[:4]}~{last[:4]}"


def _whole_names(records: Records) -> Keys:
    """Whole names where the surname's block is too large, with the names a short form stands for."""
    for row, name in enumerate(records.names):
        if name.given and name.surname:
            for whole, _ in sorted(meanings(name.given)) or [(name.given, "")]:
                yield row, f"{folded(name.surname)} {folded(whole)} {folded(name.patronymic[:6])}"


def _numbers(records: Records) -> Keys:
    """Numbers of one person, days of birth, and each with a slip of one digit at either end."""
    for row, number in enumerate(records.number):
        if number:
            yield row, f"n{number}"
            yield row, f"h{number[: len(number) // 2 + 1]}"
            yield row, f"t{number[len(number) // 2 :]}"
    for row, (born, surname, given) in enumerate(zip(records.born, records.surname, records.given, strict=True)):
        if born:
            yield row, f"b{born}"
            yield row, f"y{born[:4]} {folded(given)[:3]}"
            yield row, f"y{born[:4]} {folded(surname)[:3]}"


def _words(records: Records) -> Keys:
    """Rare words of a firm's name, alone and in pairs."""
    used = Counter(word for name in records.names if name.firm for word in set(name.words))
    for row, name in enumerate(records.names):
        if name.firm:
            rare = sorted(set(name.words), key=lambda word: (used[word], word))[:3]
            yield from ((row, word) for word in rare if len(word) > 2)
            yield row, " ".join(sorted(rare[:2]))
            yield row, "".join(name.words)


def _houses(records: Records) -> Keys:
    """House with the first letters of a street's words; for firms house and index, for persons house and surname."""
    rows = zip(records.house, records.street, records.surname, records.postcode, records.place, strict=True)
    for row, (house, street, surname, postcode, place) in enumerate(rows):
        if house:
            words = sorted({folded(word)[:4] for word in street.split() if len(word) > 2 or word.isdigit()})
            yield from ((row, f"{house} {word}") for word in words[:6])
            for said in filter(None, (folded(surname)[:4], postcode, folded(place)[:4])):
                yield row, f"{house}:{said}"


def _inside(rows: Ints, keys: Ints, count: int) -> tuple[Ints, int]:
    """All pairs within each block as left × count + right, and how many blocks were too large."""
    if not len(rows):
        return np.empty(0, np.int64), 0
    once = _once(keys * count + rows)
    keys, rows = once // count, once % count
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)])
    found = [np.empty(0, np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGEST)]):
        left, right = np.triu_indices(size, 1)
        members = rows[starts[sizes == size][:, None] + np.arange(size)]
        found.append((members[:, left] * count + members[:, right]).ravel())
    return _once(np.concatenate(found)), int((sizes > LARGEST).sum())


def _once(codes: Ints) -> Ints:
    """The codes sorted, none twice."""
    codes.sort()
    return codes[np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])] if len(codes) else codes
