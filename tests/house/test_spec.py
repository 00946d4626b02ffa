"""Every definition has its table, and the manual is what the tables say."""

from __future__ import annotations

import subprocess
import sys

from dovolen.insight.metrics import METRICS
from tests.conftest import ROOT
from tests.spec.contents import CONTENTS

SPECS = ROOT / "tests" / "spec"
DEFINED = (
    "band_services client_codes client_days cascade classes cohorts comebacks customer_facts customer_orders frequency_bands limits "
    "retention rfm rfm_grades rfm_moves rfm_thresholds rfm_values sold_assets states value_abc value_cells "
    "value_clients value_cohorts value_curve value_items value_keeping value_pairs value_sources visits"
).split()
"""Views whose rows are what DEFINITIONS promises; the others are steps on the way to them."""


def _texts() -> str:
    return "".join(path.read_text("utf-8") for path in SPECS.rglob("test_*.py"))


def test_every_file_of_specs_has_its_place_in_the_manual() -> None:
    listed = [file for files in CONTENTS.values() for file in files]

    assert sorted(listed) == sorted(path.relative_to(SPECS).as_posix() for path in SPECS.rglob("test_*.py"))


def test_every_metric_has_a_spec() -> None:
    texts = _texts()

    assert not [name for name in METRICS if f'METRICS["{name}"]' not in texts]


def test_every_definition_has_a_spec() -> None:
    texts = _texts()

    assert not [name for name in DEFINED if f'spec_view("{name}"' not in texts]


def test_the_manual_is_what_the_specs_say() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "metrics.py", "--check"], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
