"""The text that banks exchange with 1C, «1CClientBankExchange» 1.01–1.03: what came to an account, told line by line.

Source: «Стандарт обмена с системами "Клиент банка"», 1C. Pure: bytes in, values out; a text that is no statement is
refused as a whole by `Unreadable`, a document that makes no sense is counted and passed over.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

HEAD, TAIL = "1CClientBankExchange", "КонецФайла"
VERSIONS = ("1.01", "1.02", "1.03")
LARGEST = 10 * 1024 * 1024
"""Bytes of a file; ten thousand documents need about ten million."""
MOST_DOCUMENTS = 20_000
LARGEST_SUM = 10**15
ENCODINGS = ("utf-8-sig", "cp1251", "cp866")
ACCOUNT_SECTION, ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
DOCUMENT, DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
PURPOSE = "НазначениеПлатежа"
SUM = re.compile(r"(\d{1,13})(?:[.,](\d{1,2}))?", re.ASCII)
DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)
ACCOUNT = re.compile(r"\d{20}", re.ASCII)
TAX_NUMBER = re.compile(r"(?:\d{10}|\d{12})", re.ASCII)
NAMED_TAX_NUMBER = re.compile(r"\s*ИНН\s*(\d{10}|\d{12})\b\s*")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
LENGTHS: Final = {"number": 30, "payer": 300, "purpose": 500}


class Unreadable(Exception):  # noqa: N818 – the file is, the program is not in error
    """Not a statement that can be read: `code` says why, `values` with what."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


@dataclass(frozen=True)
class Incoming:
    """Money that came to an account, as the bank tells it; the sum is in kopecks."""

    number: str
    day: date
    amount: int
    payer: str
    payer_tax_number: str
    payer_account: str
    purpose: str
    digest: str = ""
    """Of all of it, of the account, and of which of equal ones it is."""


@dataclass(frozen=True)
class Document:
    """A payment of the file, by the names that 1C gives its parts, and the line where it begins."""

    line: int
    parts: Mapping[str, str]

    def accounts(self, side: str) -> set[str]:
        """The accounts of a side: Плательщик or Получатель."""
        return {self.parts.get(f"{side}Счет", ""), self.parts.get(f"{side}РасчСчет", "")} - {""}


@dataclass(frozen=True)
class Told:
    """A file as it was read."""

    accounts: tuple[str, ...]
    begins_on: date | None
    ends_on: date | None
    documents: tuple[Document, ...]
    is_whole: bool
    """Whether its last line says that it is the last."""
    n_broken: int = 0
    """Documents that begin and do not end."""


@dataclass(frozen=True)
class Sorted:
    """What a file tells of one account, and how many documents were passed over."""

    incoming: tuple[Incoming, ...]
    n_expenses: int
    n_others: int
    malformed: tuple[int, ...]
    """Lines where documents begin that make no sense."""


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(data: bytes) -> Told:
    """A file in cp1251, UTF-8 or cp866. Raises: Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable("too_large", megabytes=LARGEST // 1024 // 1024)
    lines = _text(data).splitlines()
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise Unreadable("empty")
    if lines[first].strip() != HEAD:
        raise Unreadable("not_1c")
    reader = _Reader()
    for place, line in enumerate(lines[first + 1 :], first + 2):
        reader.take(place, line.strip())
    return reader.told()


def _text(data: bytes) -> str:
    """The text in the encoding in which it has the words of the format; in the first where it has them in none."""
    readings = [data.decode(encoding, errors="replace") for encoding in ENCODINGS]
    return next((text for text in readings if "ВерсияФормата" in text or DOCUMENT in text), readings[0])


class _Reader:
    """Takes line after line."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.accounts: dict[str, None] = {}
        self.documents: list[Document] = []
        self.days: list[date] = []
        self.open: dict[str, str] | None = None
        self.begun = 0
        self.latest = ""
        self.n_broken = 0
        self.is_whole = False

    def take(self, place: int, line: str) -> None:
        """One line of the file."""
        name, is_pair, value = line.partition("=")
        name, value = name.strip(), _clean(value)
        if name == DOCUMENT:
            self._drop()
            self.open, self.begun, self.latest = {}, place, ""
        elif name == DOCUMENT_END:
            self._close()
        elif name == TAIL:
            self.is_whole = True
        elif self.open is not None:
            self._part(name, value, line, is_pair=bool(is_pair))
        elif name == "РасчСчет" and value:
            self.accounts[value] = None
        elif name in ("ДатаНачала", "ДатаКонца"):
            self.days += [day] if (day := _day(value)) else []
        elif name == "ВерсияФормата":
            self.head[name] = value

    def _part(self, name: str, value: str, line: str, *, is_pair: bool) -> None:
        """A part of a document; a purpose may go on in lines of its own."""
        assert self.open is not None
        if is_pair and not (self.latest.startswith(PURPOSE) and not name.isalnum()):
            self.open.setdefault(name, value)
            self.latest = name
        elif self.latest.startswith(PURPOSE):
            self.open[self.latest] = f"{self.open[self.latest]} {_clean(line)}".strip()

    def _close(self) -> None:
        if self.open is not None:
            self.documents.append(Document(self.begun, self.open))
            self.open = None
        if len(self.documents) > MOST_DOCUMENTS:
            raise Unreadable("too_many", most=MOST_DOCUMENTS)

    def _drop(self) -> None:
        self.n_broken += self.open is not None
        self.open = None

    def told(self) -> Told:
        """What was taken. Raises: Unreadable."""
        self._drop()
        version = self.head.get("ВерсияФормата", "")
        if version not in VERSIONS:
            raise Unreadable("version", version=version[:20] or "—")
        if not self.accounts:
            raise Unreadable("no_account")
        return Told(
            tuple(self.accounts), min(self.days, default=None), max(self.days, default=None), tuple(self.documents),
            self.is_whole, self.n_broken,
        )  # fmt: skip


def _clean(text: str) -> str:
    """Without control characters and doubled blanks."""
    return " ".join(CONTROLS.sub(" ", text).split())


# ── What came to one account ─────────────────────────────────────────────────────────────────────────────────────────


def sort(told: Told, account: str) -> Sorted:
    """What came to an account; what left it, what is of other accounts, and what makes no sense is counted."""
    found: list[Incoming] = []
    malformed: list[int] = []
    n_expenses = n_others = 0
    for document in told.documents:
        if account in document.accounts("Получатель"):
            line = _incoming(document)
            if line is None:
                malformed.append(document.line)
            else:
                found.append(line)
        elif account in document.accounts("Плательщик"):
            n_expenses += 1
        else:
            n_others += 1
    return Sorted(tuple(_marked(found, account)), n_expenses, n_others, tuple(malformed))


def _incoming(document: Document) -> Incoming | None:
    """A payment that came; none where its sum or day makes no sense."""
    parts = document.parts
    amount = _amount(parts.get("Сумма", ""))
    day = _day(parts.get("ДатаПоступило", "")) or _day(parts.get("Дата", ""))
    if amount is None or day is None:
        return None
    named = parts.get("Плательщик1") or parts.get("Плательщик", "")
    said = NAMED_TAX_NUMBER.match(parts.get("Плательщик", ""))
    number = parts.get("ПлательщикИНН", "")
    texts = {
        "number": parts.get("Номер", ""), "payer": NAMED_TAX_NUMBER.sub("", named, count=1),
        "purpose": " ".join(_purposes(parts)),
    }  # fmt: skip
    return Incoming(
        day=day, amount=amount, payer_tax_number=number if TAX_NUMBER.fullmatch(number) else said[1] if said else "",
        payer_account=_account(parts.get("ПлательщикСчет", "")) or _account(parts.get("ПлательщикРасчСчет", "")),
        **{name: text[: LENGTHS[name]] for name, text in texts.items()},
    )  # fmt: skip


def _purposes(parts: Mapping[str, str]) -> Iterator[str]:
    """The purpose; where it is told in pieces, those."""
    whole = parts.get(PURPOSE, "")
    pieces = [parts.get(f"{PURPOSE}{n}", "") for n in range(1, 7)]
    yield from filter(None, [whole] if whole else pieces)


def _amount(text: str) -> int | None:
    """Kopecks; none for what is no sum above zero."""
    found = SUM.fullmatch("".join(text.split()))
    if not found:
        return None
    amount = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return amount if 0 < amount <= LARGEST_SUM else None


def _day(text: str) -> date | None:
    """A day of this century; none for what is none."""
    found = DAY.fullmatch(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2100 else None


def _account(text: str) -> str:
    return text if ACCOUNT.fullmatch(text) else ""


def _marked(lines: Iterable[Incoming], account: str) -> Iterator[Incoming]:
    """Each with its digest: equal ones are told apart by their order, so a file read twice gives the same digests."""
    met: Counter[str] = Counter()
    for line in lines:
        facts = {name: value for name, value in vars(line).items() if name != "digest"}
        told = "\0".join([account, *(str(facts[name]) for name in sorted(facts))])
        digest = hashlib.sha256(f"{told}\0{met[told]}".encode()).hexdigest()
        met[told] += 1
        yield Incoming(**facts, digest=digest)
