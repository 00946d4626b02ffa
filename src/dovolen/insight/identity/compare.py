"""How near two values are: absent, different, near (a slip of the finger), and the ways of being the same."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from dovolen.insight.identity.names import meanings
from dovolen.insight.identity.normal import folded, is_cyrillic
from dovolen.insight.identity.records import Floats, Ints, Words


class Near(IntEnum):
    """How two values stand to each other."""

    ABSENT = 0
    DIFFERENT = 1
    CLOSE = 2
    INITIAL = 3
    SHORT = 4
    SAME = 5


Compared = tuple[Words, Words]


def texts(left: Words, right: Words) -> Ints:
    """Each pair of texts: the same, one slip apart (two in a long one), different; two alphabets meet in Latin."""
    a, b, back = _once(left, right)
    mixed = [bool(x) and bool(y) and is_cyrillic(x) != is_cyrillic(y) for x, y in zip(a, b, strict=True)]
    a = [folded(x) if other else x for x, other in zip(a, mixed, strict=True)]
    b = [folded(y) if other else y for y, other in zip(b, mixed, strict=True)]
    shorter = np.array([min(len(x), len(y)) for x, y in zip(a, b, strict=True)], np.int64)
    slips = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32)
    allowed = np.where(shorter >= 7, 2, np.where(shorter >= 3, 1, 0))
    told = np.where(slips == 0, Near.SAME, np.where(slips <= allowed, Near.CLOSE, Near.DIFFERENT))
    return np.asarray(np.where(shorter == 0, Near.ABSENT, told)[back], np.int64)


def given_names(left: Words, right: Words) -> Ints:
    """The same for given names and patronymics, where an initial, a short form and two known names tell more."""
    a, b, back = _once(left, right)
    spelt = texts(_objects(a), _objects(b)).tolist()
    told = [_given(x, y, near) for x, y, near in zip(a, b, spelt, strict=True)]
    return np.asarray(np.array(told, np.int64)[back], np.int64)


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


def patronymics(left: Words, right: Words) -> Ints:
    """The same for patronymics: Иванович and Ивановна are two people, one letter in the stem is a slip."""
    told = given_names(left, right)
    return np.where((told == Near.CLOSE) & (_endings(left) != _endings(right)), Near.DIFFERENT, told)


def _endings(values: Words) -> Words:
    ends = np.empty(len(values), object)
    ends[:] = [folded(value)[-2:].replace("ts", "ch") for value in values]
    return ends


def days(left: Words, right: Words) -> Ints:
    """Days of birth: the same, one slip or day and month in each other's place, different."""
    a, b, back = _once(left, right)
    shorter = np.array([min(len(x), len(y)) for x, y in zip(a, b, strict=True)], np.int64)
    slips = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32)
    turned = np.array([x[:4] + x[6:8] + x[4:6] == y for x, y in zip(a, b, strict=True)], bool)
    told = np.where(slips == 0, Near.SAME, np.where((slips == 1) | turned, Near.CLOSE, Near.DIFFERENT))
    return np.asarray(np.where(shorter == 0, Near.ABSENT, told)[back], np.int64)


def likeness(left: Words, right: Words) -> Floats:
    """0–1: how much of the words of one text is in the other, order and gaps aside; 0 where one is empty."""
    a, b, back = _once(left, right)
    words = process.cpdist(a, b, scorer=fuzz.token_set_ratio, dtype=np.float32)
    bare = process.cpdist(
        [text.replace(" ", "") for text in a],
        [text.replace(" ", "") for text in b],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    empty = np.array([not x or not y for x, y in zip(a, b, strict=True)], bool)
    return np.asarray(np.where(empty, 0.0, np.maximum(words, bare) / 100.0)[back], np.float64)


def _once(left: Words, right: Words) -> tuple[list[str], list[str], Ints]:
    """Each pair of values once, and the place of every pair among them: names repeat, so most of the work goes."""
    known: dict[str, int] = {}
    a = np.array([known.setdefault(value, len(known)) for value in left], np.int64)
    b = np.array([known.setdefault(value, len(known)) for value in right], np.int64)
    size = max(len(known), 1)
    codes, back = np.unique(a * size + b, return_inverse=True)
    listed = list(known)
    return (
        [listed[code] for code in (codes // size).tolist()],
        [listed[code] for code in (codes % size).tolist()],
        np.asarray(back, np.int64),
    )


def _objects(values: list[str]) -> Words:
    words = np.empty(len(values), object)
    words[:] = values
    return words
