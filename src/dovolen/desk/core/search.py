"""Search by any part of a name, phone, number or plate, in one question to the base at every size.

A subject is found by texts that its action gives: `put(customer, "customer", [customer.name, *numbers])`. Both sides
are folded alike. Whole words come first, then beginnings, parts of words, and what was typed in the other keyboard
layout; within each the latest. An index of trigrams that the base itself keeps answers: FTS5 on SQLite, pg_trgm on
PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

from dovolen.desk.core.models import Findable

LONGEST, MOST_WORDS = 80, 6
"""Of what is typed: the rest is not looked at."""
MANY = 50
PARTED = " | "
NOT_OF_WORDS = re.compile(r"[\W_]+")
PHONE = re.compile(r"\+?[\d\s().\-–]+")
LOOK_ALIKES = str.maketrans("авекмнорстух", "abekmhopctyx")
LATIN_KEYS, CYRILLIC_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю"
OTHER_LAYOUT = {
    ord(a): b for a, b in (*zip(LATIN_KEYS, CYRILLIC_KEYS, strict=True), *zip(CYRILLIC_KEYS, LATIN_KEYS, strict=True))
}


# ── What is compared ─────────────────────────────────────────────────────────────────────────────────────────────────


def folded(text: str) -> str:
    """A text as search compares it: lower case, ё as е, no accents, single blanks; words with digits in Latin letters.

    A phone in any writing is one run of digits: «+7 (912) 448-07-31» → «79124480731».
    """
    if PHONE.fullmatch(text.strip()) and len(digits := re.sub(r"\D", "", text)) >= 7:
        return digits
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text.replace("№", " ")).casefold())
    return " ".join(_latin(word) for word in NOT_OF_WORDS.sub(" ", plain).split())


def _plain(letter: str) -> str:
    """A letter without its accent; й stays what it is."""
    if letter == "ё":
        return "е"
    return letter if letter < "\x80" or letter == "й" else unicodedata.normalize("NFD", letter)[0]


def _latin(word: str) -> str:
    """Plates and serial numbers: Cyrillic letters that look like Latin ones are those."""
    return word.translate(LOOK_ALIKES) if any(letter.isdigit() for letter in word) else word


# ── Written by actions ───────────────────────────────────────────────────────────────────────────────────────────────


KINDS = ("customer", "asset", "order")
"""What has an index; another kind needs a migration that makes its own."""


def put(subject: models.Model, kind: str, texts: Iterable[str]) -> None:
    """From now on the subject is found by these texts and by no other."""
    rows = [row(kind, subject.pk, texts)]
    Findable.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "subject_id"], update_fields=["text"]
    )


def row(kind: str, subject_id: int, texts: Iterable[str]) -> Findable:
    """The row that `put` writes; for writing many at once. Raises: ValueError for a kind that has no index."""
    if kind not in KINDS:
        raise ValueError(f"no index of {kind}")
    parts = dict.fromkeys(filter(None, (folded(text) for text in texts)))
    return Findable(kind=kind, subject_id=subject_id, text=f" {PARTED.join(parts)} ")


def drop(subject: models.Model, kind: str) -> None:
    """The subject is found no more."""
    Findable.objects.filter(kind=kind, subject_id=subject.pk).delete()


# ── Asked by pages ───────────────────────────────────────────────────────────────────────────────────────────────────


def find(text: str, kind: str, among: models.QuerySet[Any], *, n: int = MANY) -> list[int]:
    """Keys of those rows of `among` that answer to what was typed, the best first: at most `n`, by one query.

    `among` says what may be found: `Customer.objects.visible_to(staff)`.
    """
    ways = readings(text)
    if not ways:
        return []
    try:
        allowed, values = _allowed(among)
    except EmptyResultSet:
        return []
    ask = _ask_sqlite if connection.vendor == "sqlite" else _ask_postgres
    questions = [ask(kind, way, allowed, values, n) for way in ways]
    sql = " UNION ALL ".join(
        f"SELECT * FROM ({question}) AS way_{place}" for place, (question, _) in enumerate(questions)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, given in questions for value in given])
        return list(dict.fromkeys(key for (key,) in cursor.fetchall()))[:n]


@dataclass(frozen=True)
class Reading:
    """One way to read what was typed: every piece has to stand in the text; a blank is the edge of a word."""

    pieces: tuple[str, ...]


def readings(text: str) -> list[Reading]:
    """The ways to read what was typed, the best first; none for less than two letters."""
    typed = text[:LONGEST]
    words = tuple(folded(typed).split()[:MOST_WORDS])
    found = [Reading(tuple(f" {word} " for word in words)), Reading(tuple(f" {word}" for word in words))]
    found.append(_inside(words))
    squeezed = _latin("".join(words))
    if len(words) > 1 and any(letter.isdigit() for letter in squeezed):
        found.append(_inside((squeezed,)))
    if squeezed.isdigit() and squeezed.startswith("8") and len(squeezed) > 3:
        found.append(Reading((f" 7{squeezed[1:]}",)))
    other = tuple(folded(typed.casefold().translate(OTHER_LAYOUT)).split()[:MOST_WORDS])
    if other != words:
        found.append(Reading(tuple(f" {word}" for word in other)))
    return [way for way in dict.fromkeys(found) if any(len(piece) > 2 for piece in way.pieces)]


def _inside(words: Sequence[str]) -> Reading:
    """Anywhere in words; two letters are looked for at the beginning of a word."""
    return Reading(tuple(word if len(word) > 2 else f" {word}" for word in words))


def _allowed(among: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The condition that a found row is one of them."""
    one = among.filter(pk=RawSQL("found.subject_id", ())).order_by().values("pk")
    return one.query.sql_with_params()


def _ask_sqlite(kind: str, way: Reading, allowed: str, values: tuple[Any, ...], n: int) -> tuple[str, list[Any]]:
    index = f"core_find_{kind}"
    phrases = " AND ".join(f'"{piece}"' for piece in way.pieces if len(piece) > 2)
    short = [piece for piece in way.pieces if len(piece) <= 2]
    sql = (
        f"SELECT found.subject_id FROM {index} CROSS JOIN core_findable AS found ON found.id = {index}.rowid "
        f"WHERE {index} MATCH %s {'AND instr(found.text, %s) ' * len(short)}AND EXISTS ({allowed}) "
        f"ORDER BY {index}.rowid DESC LIMIT {int(n)}"
    )
    return sql, [phrases, *short, *values]


def _ask_postgres(kind: str, way: Reading, allowed: str, values: tuple[Any, ...], n: int) -> tuple[str, list[Any]]:
    sql = (
        f"SELECT found.subject_id FROM core_findable AS found WHERE found.kind = '{kind}' "
        f"{'AND found.text LIKE %s ' * len(way.pieces)}AND EXISTS ({allowed}) ORDER BY found.id DESC LIMIT {int(n)}"
    )
    return sql, [*(f"%{piece}%" for piece in way.pieces), *values]
