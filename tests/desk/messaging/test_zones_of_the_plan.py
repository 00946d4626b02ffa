"""The table of zones beside the numbering plan: where numbers of the named codes really were given out."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dovolen.desk.messaging import zones

PLAN = "ru_phone_plan/def_9xx.parquet"
REGIONS = {
    2: "Калининград", 4: "Самарск Удмурт Саратов Ульянов Астрахан",
    5: "Башкорт Курган Оренбург Пермск Свердлов Тюмен Ханты Челябин Ямало Сургут Абзелил", 6: "Омск",
    7: "Алтай Томск Новосибирск Кемеров Красноярск Хакас Тыва", 8: "Иркут Бурят", 9: "Забайк Саха Амур",
    10: "Примор Хабаров Еврейск", 11: "Магадан Сахалин", 12: "Камчат Чукот",
}  # fmt: skip
"""Hours ahead of UTC → how names of regions begin; the others keep Moscow time."""
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_nearly_every_number_of_a_named_code_is_at_home_in_its_zones(shared: Path) -> None:
    from pyarrow import parquet

    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in parquet.read_table(shared / PLAN).to_pylist():
        if told := zones.of_number(f"+7{row['def_code']}0000000"):
            found[row["def_code"]][_ahead(row["region"]) in _hours(told)] += row["capacity"]

    shares = {code: counts[True] / counts.total() for code, counts in found.items()}
    total = sum(found.values(), Counter())
    print(
        f"\n{len(shares)} codes, {total.total():,} numbers: {total[True] / total.total():.4f} at home, least {min(shares.values()):.3f}"
    )
    assert len(shares) == 32
    assert total[True] / total.total() > 0.99
    assert min(shares.values()) > 0.9


def _ahead(region: str) -> int:
    return next((hours for hours, names in REGIONS.items() if any(name in region for name in names.split())), 3)


def _hours(told: tuple[str, ...]) -> set[float]:
    offsets = (SOME_DAY.astimezone(ZoneInfo(zone)).utcoffset() for zone in told)
    return {offset.total_seconds() / 3600 for offset in offsets if offset is not None}
