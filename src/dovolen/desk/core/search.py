"""Search by any part of a name, phone, number or plate, in one question to the base at every size.

A subject is found by texts that its action gives: `put(customer, "customer", [customer.name, *numbers])`. Both sides
are folded alike. Whole words come first, then their beginnings, then what was typed in the other keyboard layout; where
no word begins so, what stands inside of words. Long numbers begin at their last ten, seven and four digits as well.

The base itself keeps two indexes: of words, read in order and only as far as a page needs, so that a common name costs
as little as a rare one; and of trigrams for the inside of words, FTS5 on SQLite and pg_trgm on PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

from dovolen.desk.core.models import Findable

LONGEST, MOST_WORDS = 80, 6
"""Of what is typed: the rest is not looked at."""
MANY = 50
EDGES = (10, 7, 4)
SHORTEST_NUMBER = EDGES[-1] + 2
COMMON = 200
"""So many rows make a word common: of several words the rarest leads."""
ENOUGH = 6
LAST = chr(0x10FFFF)
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
    if text[:1] == "+" and text.isascii() and text[1:].isdigit() and len(text) > 7:
        return text[1:]
    if PHONE.fullmatch(text.strip()) and len(digits := re.sub(r"\D", "", text)) >= 7:
        return digits
    if text.isascii():
        return " ".join(NOT_OF_WORDS.sub(" ", text.lower()).split())
    return " ".join(filter(None, [_letters(word) if word.isalpha() else _word(word) for word in text.split()]))


def _word(text: str) -> str:
    """What stands between two blanks, as search compares it: one word, several, or none."""
    plain = unicodedata.normalize("NFKC", text.replace("№", " ")).casefold().translate(PLAIN)
    words = NOT_OF_WORDS.sub(" ", plain).split()
    return " ".join(map(_latin, words) if _has_digit(plain) else words)


@lru_cache(maxsize=20_000)
def _letters(word: str) -> str:
    """The same of a word of letters: names come again and again."""
    return _word(word)


def _has_digit(text: str) -> bool:
    return not text.isalpha() and any(map(str.isdigit, text))


def _plain(letter: str) -> str:
    """A letter without its accent; й stays what it is."""
    if letter == "ё":
        return "е"
    return letter if letter < "\x80" or letter == "й" else unicodedata.normalize("NFD", letter)[0]


class _Plain(dict[int, str]):
    """Letters without their accents, each reckoned out once."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


PLAIN = _Plain()


def _latin(word: str) -> str:
    """Plates and serial numbers: Cyrillic letters that look like Latin ones are those."""
    return word.translate(LOOK_ALIKES) if _has_digit(word) else word


# ── Written by actions ───────────────────────────────────────────────────────────────────────────────────────────────


KINDS = ("customer", "asset", "order")
"""What has an index; another kind needs a migration that makes its own."""


def put(subject: models.Model, kind: str, texts: Iterable[str]) -> None:
    """From now on the subject is found by these texts and by no other."""
    made, gathering = row(kind, subject.pk, texts), _gathering.get()
    if gathering is None:
        _write([made])
    else:
        gathering[kind, subject.pk] = made


def _write(rows: list[Findable]) -> None:
    Findable.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "subject_id"], update_fields=["text"]
    )


@contextmanager
def gathered() -> Iterator[None]:
    """What is put inside is written at its end and at once; an error writes nothing of it.

    Stands inside of the transaction of the cause.
    """
    if _gathering.get() is not None:
        yield
        return
    found: dict[tuple[str, int], Findable] = {}
    mark = _gathering.set(found)
    try:
        yield
    finally:
        _gathering.reset(mark)
    _write(list(found.values()))


_gathering: ContextVar[dict[tuple[str, int], Findable] | None] = ContextVar("gathering", default=None)


def row(kind: str, subject_id: int, texts: Iterable[str]) -> Findable:
    """The row that `put` writes; for writing many at once. Raises: ValueError for a kind that has no index."""
    if kind not in KINDS:
        raise ValueError(f"no index of {kind}")
    return Findable(kind=kind, subject_id=subject_id, text=text_of(texts))


def text_of(texts: Iterable[str]) -> str:
    """What such a row holds of these texts."""
    parts = [folded(text) for text in texts]
    numbers = [
        edge for part in parts if not part.replace(" ", "").isalpha() for word in part.split() for edge in edges(word)
    ]
    parts.append(" ".join(numbers))
    return f" {PARTED.join(dict.fromkeys(filter(None, parts)))} "


def edges(word: str) -> list[str]:
    """Where people begin to type a number that is not in their head from its first digit: a plate by its figures."""
    if len(word) < SHORTEST_NUMBER or not _has_digit(word):
        return []
    ends = [word[-length:] for length in EDGES if length < len(word)]
    figures = word.lstrip("abcdefghijklmnopqrstuvwxyz")
    return [figures, *ends] if figures != word else ends


def drop(subject: models.Model, kind: str) -> None:
    """The subject is found no more."""
    (_gathering.get() or {}).pop((kind, subject.pk), None)
    Findable.objects.filter(kind=kind, subject_id=subject.pk).delete()


# ── Asked by pages ───────────────────────────────────────────────────────────────────────────────────────────────────

Words = tuple[str, ...]
Condition = tuple[str, tuple[Any, ...]]
Question = tuple[str, list[Any]]


def find(text: str, kind: str, among: models.QuerySet[Any], *, n: int = MANY) -> list[int]:
    """Keys of those rows of `among` that answer to what was typed, the best first: at most `n`.

    `among` says what may be found: `Customer.objects.visible_to(staff)`. One query for one word, one more for several,
    one more where no word begins so.
    """
    return find_all(text, {kind: among}, n=n)[kind]


def find_all(text: str, among: Mapping[str, models.QuerySet[Any]], *, n: int = MANY) -> dict[str, list[int]]:
    """The same of several kinds at once, by as many queries as of one; at most `n` of each."""
    found: dict[str, list[int]] = {kind: [] for kind in among}
    ways = readings(text)
    allowed = {kind: condition for kind, rows in among.items() if ways and (condition := _allowed(rows))}
    if not allowed:
        return found
    begun = [_begun(kind, words, allowed[kind], n) for kind, words in _led(list(allowed), ways)]
    _ask(begun, found)
    inside = _inside_sqlite if connection.vendor == "sqlite" else _inside_postgres
    long = [words for words in ways if any(len(word) > 2 for word in words)]
    _ask([inside(kind, words, allowed[kind], n) for kind in allowed if not found[kind] for words in long], found)
    return {kind: list(dict.fromkeys(keys))[:n] for kind, keys in found.items()}


def readings(text: str) -> list[Words]:
    """The ways to read what was typed, the best first; none for a lone letter."""
    typed = text[:LONGEST]
    words = tuple(folded(typed).split()[:MOST_WORDS])
    found = [words]
    squeezed = _latin("".join(words))
    if len(words) > 1 and any(letter.isdigit() for letter in squeezed):
        found.append((squeezed,))
    if squeezed.isdigit() and squeezed.startswith("8") and len(squeezed) > 3:
        found.append((f"7{squeezed[1:]}",))
    found.append(tuple(folded(typed.casefold().translate(OTHER_LAYOUT)).split()[:MOST_WORDS]))
    return [way for way in dict.fromkeys(found) if any(len(word) > 1 or word.isdigit() for word in way)]


def _allowed(among: models.QuerySet[Any]) -> Condition | None:
    """The condition that a found row is one of them; None where there can be none."""
    one = among.filter(pk=RawSQL("found.subject_id", ())).order_by().values("pk")
    try:
        return one.query.sql_with_params()
    except EmptyResultSet:
        return None


def _ask(questions: Sequence[Question], found: dict[str, list[int]]) -> None:
    """Ask all at once; answers of the first come before those of the next."""
    if not questions:
        return
    parts = (f"SELECT * FROM ({sql}) AS way_{place}" for place, (sql, _) in enumerate(questions))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for _, values in questions for value in values])
        for kind, key in cursor.fetchall():
            found[kind].append(key)


def _led(kinds: Sequence[str], ways: Sequence[Words]) -> list[tuple[str, Words]]:
    """Readings for each kind, the rarest of several words first; without those of which a word is nowhere."""
    counted = [(kind, word) for kind in kinds for word in dict.fromkeys(sum((way for way in ways if len(way) > 1), ()))]
    if not counted:
        return [(kind, words) for kind in kinds for words in ways]
    one = (
        "(SELECT count(*) FROM (SELECT 1 FROM core_word WHERE kind = %s AND word >= %s AND word < %s LIMIT %s) AS many)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([one] * len(counted))}",
            [value for kind, word in counted for value in (kind, word, _end(word), COMMON)],
        )
        n_rows = dict(zip(counted, cursor.fetchone(), strict=True))
    return [
        (kind, tuple(sorted(words, key=lambda word: (n_rows.get((kind, word), 0), -len(word)))))
        for kind in kinds
        for words in ways
        if len(words) == 1 or all(n_rows[kind, word] for word in words)
    ]


def _begun(kind: str, words: Words, allowed: Condition, n: int) -> Question:
    """Rows with words that begin so; the first word leads, the text of a row is asked for the others."""
    one, *others = words
    beside = (
        " JOIN core_findable AS row ON row.kind = found.kind AND row.subject_id = found.subject_id" if others else ""
    )
    sql = (
        f"SELECT '{kind}', found.subject_id FROM core_word AS found{beside} WHERE found.kind = %s AND found.word >= %s "
        f"AND found.word < %s {'AND row.text LIKE %s ' * len(others)}AND EXISTS ({allowed[0]}) "
        f"ORDER BY found.word, found.subject_id DESC LIMIT {2 * n}"
    )
    return sql, [kind, one, _end(one), *(f"% {other}%" for other in others), *allowed[1]]


def _end(word: str) -> str:
    """Behind the last word that begins so; a lone sign is a word by itself."""
    return word + (LAST if len(word) > 1 else " ")


def _inside_sqlite(kind: str, words: Words, allowed: Condition, n: int) -> Question:
    """The last trigrams of each word narrow the rows down enough: each one more costs a list to read."""
    index = f"core_find_{kind}"
    phrases = " AND ".join(f'"{word[-ENOUGH:]}"' for word in words if len(word) > 2)
    sql = (
        f"SELECT '{kind}', found.subject_id FROM {index} CROSS JOIN core_findable AS found ON found.id = {index}.rowid "
        f"WHERE {index} MATCH %s {'AND found.text LIKE %s ' * len(words)}AND EXISTS ({allowed[0]}) "
        f"ORDER BY {index}.rowid DESC LIMIT {n}"
    )
    return sql, [phrases, *_patterns(words), *allowed[1]]


def _inside_postgres(kind: str, words: Words, allowed: Condition, n: int) -> Question:
    """By the trigrams, all of them first: with the limit in mind the planner would rather read the whole table."""
    sql = (
        f"WITH inside AS MATERIALIZED (SELECT subject_id FROM core_findable WHERE kind = '{kind}' "
        f"{'AND text LIKE %s ' * len(words)}) "
        f"SELECT '{kind}', found.subject_id FROM inside AS found WHERE EXISTS ({allowed[0]}) LIMIT {n}"
    )
    return sql, [*_patterns(words), *allowed[1]]


def _patterns(words: Words) -> list[str]:
    return [f"%{word}%" if len(word) > 2 else f"% {word}%" for word in words]
