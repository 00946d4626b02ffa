"""An invented study of a laptop service centre: what reports are tested and looked at with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dovolen.insight.results import Figure, Sheet

SINCE, BEFORE, ASOF = date(2022, 3, 14), date(2026, 9, 30), date(2026, 10, 31)
YEAR_AGO = date(2025, 11, 1)
HOSTILE = "ООО «</script><script>alert(1)</script>»"
FORMULA = '=HYPERLINK("http://example.invalid","счёт")'


@dataclass
class SampleStudy:
    """Only what reports read."""

    meta: dict[str, Any]
    figures: dict[str, Figure] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    impossible: list[tuple[str, str]] = field(default_factory=list)


def sample(*, direction: str = "best5") -> SampleStudy:
    """The whole study, every sheet filled."""
    meta = {
        "source": "remonline_orders.csv", "asof": ASOF, "compare": BEFORE, "currency": "RUB", "zone": "Europe/Moscow",
        "currency_from": "default", "zone_from": "mapping", "grid": 5, "direction": direction,
        "created": "2026-11-01 03:10", "config": {},
    }  # fmt: skip
    study = SampleStudy(meta)
    study.figures = {figure.key: figure for figure in _figures()}
    study.sheets = {sheet.key: sheet for sheet in _sheets()}
    study.impossible = [("promise.kept", "promised_at"), ("margin", "parts_cost"), ("fleets.assets", "serial_number")]
    return study


def poor() -> SampleStudy:
    """A base of fifteen clients: hardly anything can be said."""
    full = sample()
    few = Figure("retention.one_year", None, "share", n=6, rule="rule.retention.one_year", few=True)
    keep = ("base.clients", "base.orders", "base.revenue")
    figures = {key: Figure(key, 15, full.figures[key].unit, n=15) for key in keep}
    return SampleStudy(full.meta, figures | {few.key: few}, {}, full.impossible)


def _figures() -> list[Figure]:
    def of(key: str, value: Any, unit: str, n: int, low: Any = None, high: Any = None, **more: Any) -> Figure:
        since = more.pop("since", SINCE)
        return Figure(key, value, unit, n, low, high, rule=f"rule.{key}", since=since, until=ASOF, **more)

    return [
        of("base.clients", 3238, "clients", 3238), of("base.served", 3151, "clients", 3238),
        of("base.never_served", 87, "clients", 3238), of("base.orders", 24806, "orders", 24806),
        of("base.counted_orders", 24391, "orders", 24806), of("base.visits", 22174, "visits", 24391),
        of("base.client_days", 22061, "count", 24391), of("base.lines", 61240, "count", 61240),
        of("base.revenue", 148_260_450_00, "money", 24806), of("base.median_visit", 3_900_00, "money", 22174),
        of("base.average_order", 6_078_00, "money", 24391, 5_990_00, 6_166_00),
        of("base.first_date", SINCE, "date", 24806), of("base.last_date", ASOF, "date", 24806),
        of("base.repeat_share", 0.523, "share", 3151, 0.506, 0.54),
        of("base.top1_revenue_share", 0.312, "share", 3151), of("base.top20_revenue_share", 0.786, "share", 3151),
        of("base.in_base", 1342, "clients", 3151),
        of("retention.one_year", 0.664, "share", 1120, 0.636, 0.691, since=date(2024, 11, 1)),
        of("churn.rate", 0.158, "share", 1404, 0.14, 0.178, since=BEFORE),
        of("base.quarter_change", -0.124, "share", 1532, since=date(2026, 7, 31)),
        of("rfm.best_clients", 214, "clients", 3151), of("rfm.fallen", 23, "clients", 3151),
        of("picture27.worst_sleeping_value_share", 0.193, "share", 3151),
        of("picture27.growth_potential", 1_184_000_00, "money", 219, 900_000_00, 1_500_000_00),
        of("sanity.regulars_week", 11, "clients", 33),
        of("promise.kept", None, "share", 14, few=True, since=YEAR_AGO),
    ]  # fmt: skip


def _sheets() -> list[Sheet]:
    return [*_quality(), *_classes(), *_rfm(), *_rfm_lists(), *_life(), *_time(), *_slices()]


def _sheet(key: str, columns: str, rows: list[tuple[Any, ...]], n: int = 3151, **more: Any) -> Sheet:
    """A sheet with columns written as `name:unit name:unit`."""
    pairs = tuple((name, unit) for name, _, unit in (part.partition(":") for part in columns.split()))
    more = {"since": SINCE, "until": ASOF} | more
    return Sheet(key, pairs, rows, n=n, rule=f"rule.{key}", **more)


def _quality() -> list[Sheet]:
    accounts = [
        ("orders", "rows_in", 24_871), ("orders", "rows_used", 24_806), ("orders", "no_date", 12),
        ("orders", "duplicate", 48), ("orders", "spoiled_amount", 5), ("customers", "rows_in", 3_240),
        ("customers", "rows_used", 3_238), ("customers", "no_id", 2),
    ]  # fmt: skip
    findings = [
        ("exact_duplicate", "orders", 48, 24_871, 48 / 24_871, "set_aside", "18204; 18205; 19911"),
        ("amount_by_hundred", "orders", 5, 24_871, 5 / 24_871, "set_aside", "№ 20417: 1 240 000 ₽"),
        ("no_customer", "orders", 61, 24_871, 61 / 24_871, "kept", "17003; 17011"),
        ("negative_amount", "orders", 118, 24_871, 118 / 24_871, "listed", "−2 400 ₽; −900 ₽"),
        ("dates_out_of_order", "orders", 34, 24_871, 34 / 24_871, "kept", "выдан раньше приёмки: 21776"),
        ("same_phone", "customers", 92, 3_240, 92 / 3_240, "listed", "+7 997 200-14-31: 3 клиента"),
        ("spelling_variant", "customers", 7, 3_240, 7 / 3_240, "listed", "«A-104» и «А-104»"),
    ]  # fmt: skip
    return [
        _sheet("quality.accounts", "table:text reason:text rows:count", accounts, 28_111),
        _sheet(
            "quality.findings",
            "code:text table:text count:count of:count share:share action:text examples:text", findings, 28_111,
        ),
    ]  # fmt: skip


def _classes() -> list[Sheet]:
    total = 148_260_450_00
    summary = [
        (name, kind, n, n / 3151, orders, revenue, revenue / total, revenue // orders)
        for name, kind, n, orders, revenue in (
            ("intermediary", "company", 14, 3_912, 34_120_000_00), ("regular", "company", 38, 2_804, 28_740_300_00),
            ("regular", "person", 121, 1_640, 9_812_400_00), ("one_off", "company", 96, 1_020, 11_306_000_00),
            ("one_off", "person", 2_882, 15_015, 64_281_750_00),
        )
    ]  # fmt: skip
    contradictions = [
        (1042, "Рубцов Игорь Ильич", "should_be_marked", "orders_91=8;assets=5;"),
        (2210, "Громова Лидия Павловна", "marked_without_reason", "marked=1;"),
        (3307, HOSTILE, "should_be_marked", "orders_91=7;"),
    ]
    probable = [(88, "ООО «Вектор»", "brings_much", "assets_8_weeks=27;company=1;assets=31;")]
    fleets = [
        (88, "ООО «Вектор»", 312, 31, 6_120_400_00, "loyal"), (91, HOSTILE, 96, 14, 2_204_000_00, "active"),
        (104, FORMULA, 41, 22, 811_000_00, "dormant"),
    ]  # fmt: skip
    return [
        _sheet(
            "classes.summary",
            "class:text kind:text clients:clients client_share:share orders:orders revenue:money "
            "revenue_share:share average_order:money", summary,
        ),
        _sheet("classes.contradictions", "customer_id:id name:text says:text reasons:text", contradictions, 173),
        _sheet("classes.probable", "customer_id:id name:text says:text reasons:text", probable, 3151),
        _sheet(
            "fleets",
            "customer_id:id name:text n_orders:orders n_assets:count revenue:money lifecycle:text", fleets, 148,
        ),
    ]  # fmt: skip


GRID = (
    (3.0, 2.2, 2.1, 2.0, 2.3), (2.3, 2.1, 2.6, 2.9, 3.1), (1.9, 2.2, 3.3, 4.4, 5.2), (1.6, 2.3, 4.0, 6.6, 9.1),
    (1.2, 2.4, 5.1, 9.8, 16.3),
)  # fmt: skip
SEGMENTS = (
    ("champions", 214, 0.312, 18), ("potential_loyalist", 604, 0.221, 47), ("loyal_customers", 391, 0.174, 88),
    ("need_attention", 96, 0.048, 161), ("promising", 141, 0.046, 70), ("at_risk", 184, 0.061, 342),
    ("cant_lose", 58, 0.034, 410), ("new_customers", 372, 0.031, 24), ("about_to_sleep", 338, 0.029, 196),
    ("lost", 512, 0.026, 702), ("hibernating", 241, 0.018, 388),
)  # fmt: skip


def _rfm() -> list[Sheet]:
    total = 148_260_450_00
    cells = [
        (r, f, 40 + 17 * ((r * f) % 7), int(total * GRID[f - 1][r - 1] / 100), 0.04, GRID[f - 1][r - 1] / 100)
        for r in range(5, 0, -1) for f in range(5, 0, -1)
    ]  # fmt: skip
    segments = [
        (name, n, n / 3151, int(total * share), share, int(total * share / n / 4), days)
        for name, n, share, days in SEGMENTS
    ]
    thresholds = [
        (dimension, grade, above)
        for dimension, cuts in (
            ("r", (30.0, 92.0, 210.4, 480.0)), ("f", (1.0, 2.0, 4.0, 9.0)),
            ("m", (1_900_00, 4_200_00, 9_800_00, 27_400_00)),
        )
        for grade, above in zip((1, 2, 3, 4), cuts, strict=True)
    ]  # fmt: skip
    reading = [("recent", 1231, 0.391, 86_000_000_00, 0.58), ("cooling", 622, 0.197, 29_000_000_00, 0.196),
               ("cold", 1298, 0.412, 33_260_450_00, 0.224)]  # fmt: skip
    patterns = [
        ("best_r", 301, 2_100_000_00), ("best_f", 84, 3_940_000_00), ("best_m", 112, 7_420_000_00),
        ("worst_r", 77, 9_830_000_00), ("worst_f", 64, 4_100_000_00), ("worst_m", 118, 1_204_000_00),
    ]  # fmt: skip
    codes = [(555, 214, 46_257_260_00), (155, 41, 6_200_000_00), (551, 33, 240_000_00), (111, 402, 900_000_00)]
    movement = [
        (before, after, 1 + ((before or 0) * 7 + after * 13) % 90, 1_200_000_00)
        for before in (None, 1, 2, 3, 4, 5) for after in (1, 2, 3, 4, 5)
    ]  # fmt: skip
    bands = [
        (recency, revenue, n, n * 1_800_000)
        for (recency, revenue), n in zip(
            [(r, m) for r in ("to_90", "to_180", "to_365", "over_365") for m in ("high", "middle", "low")],
            (412, 380, 439, 151, 214, 257, 88, 202, 308, 64, 240, 396), strict=True,
        )
    ]  # fmt: skip
    return [
        _sheet("rfm.thresholds", "dimension:text grade:count above:mixed", thresholds),
        _sheet("rfm.cells", "r:grade f:grade clients:clients revenue:money client_share:share revenue_share:share",
               cells),
        _sheet("rfm.segments", "segment:text clients:clients client_share:share revenue:money revenue_share:share "
               "average_order:money median_recency:days", segments),
        _sheet("rfm.reading", "reading:text clients:clients client_share:share revenue:money revenue_share:share",
               reading),
        _sheet("rfm.patterns", "pattern:text clients:clients revenue:money", patterns),
        _sheet("rfm.codes", "code:code clients:clients revenue:money", codes),
        _sheet("rfm.map", "recency_band:text revenue_band:text clients:clients revenue:money", bands),
        _sheet("rfm.movement", "r_before:grade r_after:grade clients:clients revenue:money", movement),
        _sheet("rfm.segment_movement", "before:text after:text clients:clients", [
            ("champions", "loyal_customers", 19), ("champions", "at_risk", 4), ("potential_loyalist", "champions", 31),
            ("about_to_sleep", "lost", 44), ("new_customers", "about_to_sleep", 27)]),
        _picture27(),
    ]  # fmt: skip


def _picture27() -> Sheet:
    best, worst = {"333", "332", "323", "233"}, {"111", "112", "121", "211"}
    rows = []
    for place, code in enumerate(f"{r}{f}{m}" for r in (3, 2, 1) for f in (3, 2, 1) for m in (3, 2, 1)):
        r, f, m = map(int, code)
        sleeping = r == 1 and f + m >= 4
        group = "best" if code in best else "worst" if code in worst else "sleeping" if sleeping else "normal"
        clients = 40 + (place * 53) % 170
        share = round((r + f * m) ** 2 / 900, 3)
        rows.append((code, group, clients, clients / 3151, share, share * 1.02))
    return _sheet("rfm.picture27", "code:text group:text clients:clients client_share:share revenue_share:share "
                  "value_share:share", rows)  # fmt: skip


NAMES = ("Рубцов Игорь Ильич", "Громова Лидия Павловна", "Карпова Марина Олеговна", "Ким Артём", HOSTILE, FORMULA)


def _rfm_lists() -> list[Sheet]:
    fallen = [
        (1000 + place, NAMES[place % 6], 5, after, 94_500_00 - place * 2_100_00, 61 + 4 * place)
        for place, after in enumerate([4, 3, 4, 2, 1, 4, 3] * 3 + [4, 4])
    ]
    dna = [("NAAAL", 64, 4_100_000_00), ("ALLLL", 121, 18_400_000_00), ("NNAAX", 41, 610_000_00),
           ("XXXXX", 702, 5_200_000_00), ("-ALDD", 38, 2_210_000_00)]  # fmt: skip
    by_rfm = [("ALLLL", "champions", 88), ("ALLLL", "loyal_customers", 33), ("XXXXX", "lost", 512)]
    return [
        _sheet("rfm.fallen", "customer_id:id name:text before:grade after:grade revenue:money recency_days:days",
               fallen, n=23, since=BEFORE),
        _sheet("dna.codes", "code:text clients:clients revenue:money", dna),
        _sheet("dna.by_rfm", "code:text segment:text clients:clients", by_rfm),
    ]  # fmt: skip


STATES = (("new", 402, 22), ("active", 401, 40), ("loyal", 388, 19), ("returned", 151, 31), ("dormant", 611, 168),
          ("lost", 1186, 640), ("blocked", 12, 300))  # fmt: skip


def _life() -> list[Sheet]:
    states = [(state, n, n / 3151, n * 40_000_00, n / 3151 * 0.9, days) for state, n, days in STATES]
    by_rfm = [
        (state, segment, 3 + (place * 17) % 140, 2_000_000_00)
        for place, (state, segment) in enumerate(
            (state, segment) for state, *_ in STATES[:6] for segment in ("champions", "loyal_customers", "at_risk", "lost")
        )
    ]  # fmt: skip
    steps = [("opening", 1404), ("new", 112), ("returned", 48), ("dormant", 148), ("lost", 71), ("blocked", 3),
             ("closing", 1342), ("passed", 6)]  # fmt: skip
    names = [
        (step, 5000 + place, NAMES[place % 6], before, after, 61_200_00 - place * 100_00, date(2026, 8, 1 + place % 28))
        for step, before, after, n in (("new", "—", "new", 112), ("returned", "dormant", "returned", 48),
                                       ("dormant", "active", "dormant", 148), ("lost", "active", "lost", 71),
                                       ("blocked", "loyal", "blocked", 3), ("passed", "—", "dormant", 6))
        for place in range(n)
    ]  # fmt: skip
    return [
        _sheet("lifecycle.states", "state:text clients:clients client_share:share revenue:money revenue_share:share "
               "average_recency:days", states),
        _sheet("lifecycle.by_rfm", "state:text segment:text clients:clients revenue:money", by_rfm),
        _sheet("cascade.steps", "step:text clients:clients", steps, n=1570, since=date(2026, 10, 1)),
        _sheet("cascade.names", "step:text customer_id:id name:text state_before:text state_after:text revenue:money "
               "last_at:date", names, n=388, since=date(2026, 10, 1)),
    ]  # fmt: skip


def _time() -> list[Sheet]:
    cohorts = []
    for start in range(10):
        size = 310 - 12 * start
        for age in range(10 - start):
            alive = 1.0 if age == 0 else max(0.18, 0.52 - 0.05 * age + 0.01 * start)
            label = f"{2024 + (start + 1) // 4}-Q{(start + 1) % 4 + 1}"
            cohorts.append(
                ("quarter", label, age, size, int(size * alive), alive, max(0, alive - 0.05), min(1, alive + 0.05))
            )
    bands = [
        ("18_up", 41, 0.021, 1_204, 11_300_000_00, 9_400_00, 29.4, 275_600_00),
        ("6_17", 318, 0.166, 2_640, 14_800_000_00, 5_600_00, 8.3, 46_500_00),
        ("2_5", 902, 0.471, 2_511, 12_100_000_00, 4_800_00, 2.8, 13_400_00),
        ("1", 653, 0.342, 653, 2_800_000_00, 4_300_00, 1.0, 4_300_00),
    ]
    months = []
    for place in range(24):
        month = date(2024 + (10 + place) // 12, (10 + place) % 12 + 1, 1)
        orders = 380 + (place * 37) % 160
        months.append((month, orders, orders - 31, orders - 60, orders * 6_078_00))
    return [
        _sheet("cohorts", "grain:text cohort:text period:count clients:clients active:clients share:share low:share high:share",
               cohorts),
        _sheet("frequency.bands", "band:text clients:clients client_share:share visits:visits revenue:money "
               "average_order:money visits_a_year:number revenue_a_year:money", bands, n=1914, since=YEAR_AGO),
        _sheet("months", "month:date orders:orders visits:visits clients:clients revenue:money", months,
               n=10_344, since=date(2024, 11, 1)),
    ]  # fmt: skip


def _slices() -> list[Sheet]:
    rows = [
        ("category", "Ноутбук", 9_804, 1_630, 71_200_000_00, 7_262_00, False),
        ("category", "Телефон", 8_120, 1_214, 31_400_000_00, 3_866_00, False),
        ("category", "Моноблок и системный блок с очень длинным названием", 2_110, 402, 18_300_000_00, 8_672_00, False),
        ("category", "Принтер", 1_940, 260, 12_900_000_00, 6_649_00, False),
        ("category", "Квадрокоптер", None, None, None, None, True),
        ("source", "Рекомендация", 10_204, 1_402, 68_000_000_00, 6_664_00, False),
        ("source", "Карты", 7_700, 1_120, 41_000_000_00, 5_324_00, False),
        ("source", "Вывеска", 3_300, 590, 19_400_000_00, 5_878_00, False),
    ]
    withheld = [("category", 3, 17), ("source", 1, 4)]
    return [
        _sheet("slices", "dimension:text value:text orders:orders clients:clients revenue:money average_order:money "
               "withheld:flag", rows, n=24_391),
        _sheet("slices.withheld", "dimension:text cells:count orders:orders", withheld, n=24_391),
    ]  # fmt: skip
