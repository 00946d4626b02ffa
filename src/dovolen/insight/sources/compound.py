"""A look into the old kind of workbook, a file of sectors that name one another: chains that never end are refused."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path

from dovolen.insight.schema import SchemaError

_IN_HEADER, _ENTRY = 109, 128
_LAST = 0xFFFF_FFFA
"""Numbers from here on name no sector."""
_STREAM, _ROOT = 2, 5


class _Damaged(Exception):  # noqa: N818 – told as what it is
    """Sectors that name what is not there, or themselves."""


def check(path: Path) -> None:
    """Raises SchemaError where a chain of sectors has no end or leads outside the file."""
    content = path.read_bytes()
    try:
        size = 1 << struct.unpack_from("<H", content, 30)[0]
        if size not in {512, 4096}:
            raise _Damaged
        chains = _Chains(content, size)
        begins, small_begins = struct.unpack_from("<L", content, 48)[0], struct.unpack_from("<L", content, 60)[0]
        chains.walk(small_begins)
        entries = b"".join(content[chains.place(one) : chains.place(one) + size] for one in chains.walk(begins))
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            kind = entries[at + 66]
            first, length = struct.unpack_from("<LQ", entries, at + 116)
            if kind == _ROOT or (kind == _STREAM and length % 2**32 >= 4096):
                chains.walk(first)
    except (_Damaged, struct.error) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "XLS"}) from error


class _Chains:
    """Which sector follows which."""

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size = content, size
        self.n = max(0, (len(content) - size) // size) + 1
        self.after = array("I")
        for sector in self._tables():
            self.after.frombytes(self._sector(sector))

    def _tables(self) -> list[int]:
        """Sectors that hold the table of sectors, as the header names them and the chain behind it."""
        found = list(struct.unpack_from(f"<{_IN_HEADER}L", self.content, 76))
        following, steps = struct.unpack_from("<L", self.content, 68)[0], 0
        while following < _LAST:
            steps += 1
            if steps > self.n:
                raise _Damaged
            *several, following = array("I", self._sector(following))
            found += several
        return [one for one in found if one < _LAST]

    def place(self, sector: int) -> int:
        """Where it begins in the file."""
        return (sector + 1) * self.size

    def _sector(self, sector: int) -> bytes:
        found = self.content[self.place(sector) : self.place(sector) + self.size]
        if len(found) < self.size:
            raise _Damaged
        return found

    def walk(self, sector: int) -> list[int]:
        """The chain from a sector on."""
        found: list[int] = []
        while sector < _LAST:
            if sector >= len(self.after) or sector >= self.n or len(found) > self.n:
                raise _Damaged
            found.append(sector)
            sector = self.after[sector]
        return found
