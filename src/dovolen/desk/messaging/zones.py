"""Where somebody's clock may stand, as far as his telephone number tells: the zones of its region or country."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import phonenumbers

RUSSIA = "RU"
OF_GEOGRAPHIC = "348"
"""How a code begins that belongs to one region."""
CAPITAL = "Europe/Moscow"
TABLE = Path(__file__).with_name("zones.toml")


def of(numbers: Iterable[str], centre: str) -> tuple[str, ...]:
    """Zones in which he may be; the centre's where no number tells any."""
    told = {zone for number in numbers for zone in of_number(number)}
    return tuple(sorted(told)) or (centre,)


@lru_cache(maxsize=100_000)
def of_number(number: str) -> tuple[str, ...]:
    """Zones of a number as it is kept; none where it tells no region."""
    if number.startswith("+7") and number[2:3] not in ("6", "7"):  # these are of Kazakhstan
        return _of_russian(number[2:5])
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return _countries().get(country or "", ())


def _of_russian(code: str) -> tuple[str, ...]:
    known = _codes().get(code)
    return known or ((CAPITAL,) if code[:1] in OF_GEOGRAPHIC else ())


@cache
def _codes() -> Mapping[str, tuple[str, ...]]:
    listed = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        code: tuple(zones.split())
        for part in listed.values()
        for zones, codes in part.items()
        for code in codes.split()
    }


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    """Zones of every country, as the zone data themselves list them."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}
