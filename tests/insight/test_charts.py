from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dovolen.insight import charts, pictures, synth
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Bar, Frame, HeatCell
from dovolen.insight.config import Config, PriceChange
from dovolen.insight.schema import Tables
from dovolen.insight.study import Study, study
from dovolen.insight.words import LANGUAGES, Words
from tests.insight.sample_study import sample

FRAME = Frame("Клиенты", "клиентов", "октябрь", 20)


@pytest.fixture(scope="module")
def bases() -> list[Study]:
    """Bases that between them have something to show on every chart."""
    whole, long = synth.centre(2000, 1), synth.centre(4000, 1, years=4)
    nobody_named = {**long, "customers": long["customers"].drop_columns(["kind"])}
    dearer = PriceChange(date=date(2025, 6, 30), category="laptop")
    large = synth.centre(8000, 2)
    some_kinds = {**large, "customers": _kinds_lost(large["customers"]), "feedback": _of_other_kinds(large["feedback"])}
    return [
        study(Tables(whole)),
        study(Tables(some_kinds)),
        study(Tables(nobody_named), config=Config(price_changes=(dearer,))),
    ]


def _kinds_lost(customers: pa.Table) -> pa.Table:
    kept = pc.less(pc.bit_wise_and(customers["customer_id"], 1), 1)
    place = customers.schema.get_field_index("kind")
    return customers.set_column(place, "kind", pc.if_else(kept, customers["kind"], None))


def _of_other_kinds(feedback: pa.Table) -> pa.Table:
    """Answers of 0–10 as those of CSI, three marks worse, and answers of 1–5 as public reviews."""
    of_ten = pc.equal(feedback["scale"], 10.0)
    worse = pc.if_else(of_ten, pc.subtract(feedback["score"], 3.0), feedback["score"])
    kind, score = pc.if_else(of_ten, "csi", "review"), pc.max_element_wise(worse, 1.0)
    made = feedback.set_column(feedback.schema.get_field_index("kind"), "kind", kind)
    return made.set_column(feedback.schema.get_field_index("score"), "score", score)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_has_title_unit_period_sample_size_and_a_finding_in_words(lang: str, bases: list[Study]) -> None:
    made: dict[str, charts.Option] = {}
    for base in bases:
        printer = Printer(Words(lang), base.meta)
        drawn = {key: pictures.picture(sheet, printer) for key, sheet in base.sheets.items()}
        made |= {key: chart for key, chart in drawn.items() if chart}

    assert set(made) == set(pictures.PICTURES)
    for key, chart in made.items():
        assert all(chart[fact] for fact in ("title", "unit", "period", "n")), key
        assert len(chart["finding"]) > 20, key
    json.dumps(made)


def test_cascade_floats_each_step_on_the_level_before() -> None:
    rows = [Bar("Было", 100, "100"), Bar("Новые", 20, "+20"), Bar("Ушли", -50, "−50"), Bar("Стало", 70, "70")]

    option = charts.cascade(FRAME, "…", rows)["option"]

    lift, body = (series["data"] for series in option["series"])
    assert lift == [0, 100, 70, 0]
    assert [one["value"] for one in body] == [100, 20, 50, 70]


def test_a_cascade_of_small_steps_starts_its_scale_below_the_lowest_level_and_says_so() -> None:
    rows = [Bar("Было", 3184, ""), Bar("Новые", 212, ""), Bar("Уснули", -148, ""), Bar("Стало", 3248, "")]

    chart = charts.cascade(FRAME, "…", rows)

    assert 0 < chart["floor"] < 3184
    assert chart["option"]["yAxis"]["min"] == chart["floor"]


def test_a_band_is_the_width_between_its_ends_and_a_gap_stays_a_gap() -> None:
    rows = [charts.Line("Ждали", [1.0, None, 3.0], ["1", "", "3"])]

    option = charts.lines(FRAME, "…", ["пн", "вт", "ср"], rows, axis="@number", band=([1, None, 2], [4, None, 2]))[
        "option"
    ]

    below, band, line = (series["data"] for series in option["series"])
    assert (below, band) == ([1, None, 2], [3, None, 0])
    assert [one["value"] for one in line] == [1.0, None, 3.0]


def test_an_estimate_stands_on_its_interval_with_its_text_beside_it() -> None:
    rows = [charts.Dot("Просрочка", -0.2, -0.3, -0.1, "−20 %"), charts.Dot("Возраст", 0.0, -0.1, 0.1, "0 %")]

    option = charts.dots(FRAME, "…", rows, axis="@percent", at=0.0)["option"]

    assert [axis["data"] for axis in option["yAxis"]] == [["Возраст", "Просрочка"], ["0 %", "−20 %"]]
    assert [series["data"] for series in option["series"][:2]] == [[[-0.1, 0], [0.1, 0]], [[-0.3, 1], [-0.1, 1]]]
    assert option["series"][-1]["markLine"]["data"] == [{"xAxis": 0.0}]


def test_heat_maps_label_every_cell_in_a_colour_that_reads_on_it() -> None:
    cells = [HeatCell("1", "1", 0.0, "0,0"), HeatCell("2", "1", 9.0, "9,0")]

    data = charts.heat(FRAME, "…", cells)["option"]["series"][0]["data"]

    assert [one["label"]["color"] for one in data] == ["--dv-seq-ink-0", "--dv-seq-ink-4"]
    assert [one["itemStyle"]["color"] for one in data] == ["--dv-seq-0", "--dv-seq-4"]


def test_equal_values_share_one_colour() -> None:
    assert charts.ramp([3, 3, 3]) == [1, 1, 1]
    assert charts.ramp([]) == []


def test_direction_turns_labels_but_not_places() -> None:
    best5, best1 = (_rfm_cells(direction) for direction in ("best5", "best1"))

    assert best5["xAxis"]["data"][-1].startswith("5\n")
    assert best1["xAxis"]["data"][-1].startswith("1\n")
    assert "недавно" in best5["xAxis"]["data"][-1]
    assert "недавно" in best1["xAxis"]["data"][-1]


def test_client_text_cannot_become_a_formatter() -> None:
    option = charts.bars(FRAME, "…", [Bar("{b} @", 1.0, "{c}")])["option"]

    assert "{" not in str(list(_labels(option)))


def _rfm_cells(direction: str) -> dict[str, Any]:
    study = sample(direction=direction)
    chart = pictures.picture(study.sheets["rfm.cells"], Printer(Words("ru"), study.meta))
    assert chart is not None
    option: dict[str, Any] = chart["option"]
    return option


def _labels(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(one) for name, one in value.items() if name == "formatter")
        for one in value.values():
            yield from _labels(one)
    elif isinstance(value, list):
        for one in value:
            yield from _labels(one)
