"""How near two values are: absent, different, near (a slip of the finger), and the ways of being the same."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from dovolen.insight.identity.names import meanings
from dovolen.insight.identity.normal import folded, is_cyrillic
from dovolen.insight.identity.records import Floats, Ints, Texts


class Near(IntEnum):
    """How two values stand to each other."""

    ABSENT = 0
    DIFFERENT = 1
    CLOSE = 2
    INITIAL = 3
    SHORT = 4
    SAME = 5


Ways = Callable[[str, str, int], int]


def texts(left: Texts, right: Texts) -> Ints:
    """Each pair of texts: the same, one slip apart (two in a long one), different; two alphabets meet in Latin."""
    return _told(left, right, lambda a, b, spelt: spelt)


def given_names(left: Texts, right: Texts) -> Ints:
    """The same for given names, where an initial, a short form and two known names tell more."""
    return _told(left, right, _given)


def patronymics(left: Texts, right: Texts) -> Ints:
    """The same for patronymics: Иванович and Ивановна are two people, one letter in the stem is a slip."""
    return _told(left, right, _patronymic)


def days(left: Texts, right: Texts) -> Ints:
    """Days of birth: the same, one slip or day and month in each other's place, different."""
    told = _same(left, right)
    rest, a, b, back = _others(left, right)
    slips = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32)
    turned = np.array([x[:4] + x[6:8] + x[4:6] == y for x, y in zip(a, b, strict=True)], bool)
    told[rest] = np.where((slips == 1) | turned, Near.CLOSE, Near.DIFFERENT)[back]
    return told


def likeness(left: Texts, right: Texts) -> Floats:
    """0–1: how much of the words of one text is in the other, order and gaps aside; 0 where one is empty."""
    told = np.where(_same(left, right) == Near.SAME, 1.0, 0.0)
    rest, a, b, back = _others(left, right)
    words = process.cpdist(a, b, scorer=fuzz.token_set_ratio, dtype=np.float32)
    bare = process.cpdist(
        [text.replace(" ", "") for text in a],
        [text.replace(" ", "") for text in b],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    told[rest] = (np.maximum(words, bare) / 100.0)[back]
    return told


def _told(left: Texts, right: Texts, ways: Ways) -> Ints:
    """How each pair stands; `ways` judges two different values by their spelling and by what they mean."""
    told = _same(left, right)
    alike = np.flatnonzero(told == Near.SAME)
    known, back = np.unique(left.codes[alike], return_inverse=True)
    whole = [left.values[code] for code in known.tolist()]
    told[alike] = np.array([ways(value, value, Near.SAME) for value in whole], np.int64)[back]
    rest, a, b, back = _others(left, right)
    spelt = _spelt(a, b).tolist()
    told[rest] = np.array([ways(x, y, near) for x, y, near in zip(a, b, spelt, strict=True)], np.int64)[back]
    return told


def _spelt(left: list[str], right: list[str]) -> Ints:
    """Different values by their letters alone."""
    mixed = [is_cyrillic(x) != is_cyrillic(y) for x, y in zip(left, right, strict=True)]
    a = [folded(x) if other else x for x, other in zip(left, mixed, strict=True)]
    b = [folded(y) if other else y for y, other in zip(right, mixed, strict=True)]
    shorter = np.array([min(len(x), len(y)) for x, y in zip(a, b, strict=True)], np.int64)
    slips = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32)
    allowed = np.where(shorter >= 7, 2, np.where(shorter >= 3, 1, 0))
    told = np.where(slips == 0, Near.SAME, np.where(slips <= allowed, Near.CLOSE, Near.DIFFERENT))
    return np.asarray(np.where(shorter == 0, Near.ABSENT, told), np.int64)


def _given(left: str, right: str, spelt: int) -> int:
    if spelt in (Near.ABSENT, Near.SAME):
        return Near.INITIAL if spelt == Near.SAME and len(left) == 1 else spelt
    if min(len(left), len(right)) == 1:
        mixed = is_cyrillic(left) != is_cyrillic(right)
        first = (folded(left)[:1], folded(right)[:1]) if mixed else (left[0], right[0])
        return Near.INITIAL if first[0] == first[1] else Near.DIFFERENT
    mine, other = meanings(left), meanings(right)
    if mine & other:
        return Near.SHORT
    return Near.DIFFERENT if mine and other else spelt


def _patronymic(left: str, right: str, spelt: int) -> int:
    told = _given(left, right, spelt)
    return Near.DIFFERENT if told == Near.CLOSE and _ending(left) != _ending(right) else told


def _ending(value: str) -> str:
    return folded(value)[-2:].replace("ts", "ch")


def _same(left: Texts, right: Texts) -> Ints:
    """Pairs of one text; the rest counts as absent until it is compared."""
    return np.where((left.codes == right.codes) & left.filled(), np.int64(Near.SAME), np.int64(Near.ABSENT))


def _others(left: Texts, right: Texts) -> tuple[Ints, list[str], list[str], Ints]:
    """Places of pairs with two different texts, each such two once, and the place of every pair among them: names
    repeat, so most of the work goes."""
    rest = np.flatnonzero((left.codes != right.codes) & left.filled() & right.filled())
    size = len(left.values)
    codes, back = np.unique(left.codes[rest] * size + right.codes[rest], return_inverse=True)
    a, b = ([left.values[code] for code in side.tolist()] for side in (codes // size, codes % size))
    return rest, a, b, back
