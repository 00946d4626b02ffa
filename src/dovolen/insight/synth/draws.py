"""Streams of chance and columns made from them: the same seed gives the same table on every machine."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).min
"""Stands for "no moment" among integers; becomes null in the table."""


def stream(seed: int, part: str) -> np.random.Generator:
    """Chance for one part of the centre, independent of how much the other parts drew."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(part.encode())])))


def words(values: Sequence[str], codes: Ints, missing: Flags | None = None) -> pa.Array:
    """A text column: `values` by code, null where `missing`."""
    return pc.take(pa.array(list(values), pa.string()), pa.array(codes, mask=missing))


def joined(*parts: pa.Array | str) -> pa.Array:
    """A text column glued from columns and constant text, row by row."""
    glued = [part if isinstance(part, str) else pc.cast(part, pa.string()) for part in parts]
    return pc.binary_join_element_wise(*glued, "")


def integers(values: Ints, missing: Flags | None = None) -> pa.Array:
    """An int64 column, null where `missing`."""
    return pa.array(values, pa.int64(), mask=missing)


def moments(microseconds: Ints) -> pa.Array:
    """A column of UTC moments, null where NEVER."""
    return pa.array(microseconds, pa.int64(), mask=microseconds == NEVER).cast(pa.timestamp("us", tz="UTC"))


def roubles(amounts: Floats, step: int = 50) -> Ints:
    """Amounts in kopecks, rounded down to whole steps of roubles as price lists are."""
    return np.floor(amounts / step).astype(np.int64) * (step * 100)


def choose(rng: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """Codes 0…n−1 drawn by weight."""
    edges = np.cumsum(np.asarray(weights, np.float64))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").astype(np.int64)
