"""The pivot in a real browser: fed by cells alone, in our words, kept and opened again, quiet about what it may not do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import cube
from dovolen.desk.analysis.models import SavedSlice
from tests.desk import cast, make_analysis
from tests.desk.make_slices import table
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

READY = "document.querySelector('.slices-pivot')?.dataset.ready"
GRID = "document.querySelector('perspective-viewer-datagrid')?.shadowRoot.textContent ?? ''"
RESTORE = "document.querySelector('perspective-viewer').restore({0}).then(() => 'done')"


def rows(n: int) -> list[dict[str, Any]]:
    """Orders of a year and a half at two centres."""
    draw = random.Random(6)
    kinds = ["phone", "laptop", "tablet"]
    return [
        {
            "month": f"{2025 + month // 12}-{month % 12 + 1:02}", "centre": draw.choice(["Север", "Юг"]),
            "category": draw.choices(kinds, [5, 3, 1])[0], "technician": draw.choice(["Илья", "Анна", "Фёдор"]),
            "class": draw.choice(["one_off", "regular"]), "client": draw.randrange(n // 2),
            "revenue": draw.randrange(100_000, 900_000), "margin": draw.randrange(10_000, 300_000),
            "promise_kept": int(draw.random() < 0.85), "turnaround": draw.random() * 60, "satisfaction": draw.randrange(99),
        }
        for month in [draw.randrange(18) for _ in range(n)]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def shown(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, Staff]]:
    """The director before a snapshot with slices."""
    home = tmp_path_factory.mktemp("slices") / "home"
    with served.prepared(home, "", django_db_blocker) as installation:
        olga = cast.full(now=timezone.now()).olga
        snapshot = make_analysis.published()
        at = cube.file_of(snapshot).relative_to(settings.HOME.folder)
        cube.write(table(rows(4000)), home / at)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, olga)
            yield visitor, olga


def stands(visitor: Visitor) -> None:
    visitor.waits(f"{READY} === 'yes' || {READY} === 'failed'")
    assert visitor.window.look(READY) == "yes", visitor.noise()


def test_the_pivot_stands_in_our_words_and_asks_nobody_else(shown: tuple[Visitor, Staff]) -> None:
    visitor, _ = shown

    visitor.visits("/slices/?by=month&by=category")
    stands(visitor)

    visitor.waits(f"({GRID}).includes('Всего')")
    assert "Выручка" in visitor.window.look(GRID)
    visitor.finds_sound("slices-1440")


def test_it_is_as_sound_in_the_dark_and_in_english(shown: tuple[Visitor, Staff]) -> None:
    visitor, _ = shown

    visitor.visits("/slices/?by=month&by=category", dark=True, lang="en")
    stands(visitor)

    visitor.waits(f"({GRID}).includes('Total')")
    visitor.finds_sound("slices-dark-en")


@pytest.mark.parametrize("kind", ["Bars", "Lines"])
def test_it_draws(shown: tuple[Visitor, Staff], kind: str) -> None:
    visitor, _ = shown

    visitor.visits("/slices/?by=quarter&by=category")
    stands(visitor)
    assert visitor.window.look(RESTORE.format(f"{{plugin: '{kind}'}}")) == "done"

    visitor.waits(f"!!document.querySelector('slices-{kind.lower()} svg path')")
    visitor.finds_sound(f"slices-{kind.lower()}")


def test_the_fields_open_and_speak_russian(shown: tuple[Visitor, Staff]) -> None:
    visitor, _ = shown
    labels = "[...document.querySelector('perspective-viewer').shadowRoot.querySelectorAll('option:not([hidden])')].map(o => o.label)"

    visitor.visits("/slices/?by=quarter&by=category")
    stands(visitor)
    visitor.window.look("document.querySelector('.slices-fields').click()")

    visitor.waits(f"{labels}.includes('сумма')")
    assert "gmv" not in visitor.window.look(labels)
    visitor.finds_sound("slices-fields")


def test_how_the_pivot_stood_is_kept_and_opens_again(shown: tuple[Visitor, Staff]) -> None:
    visitor, _ = shown

    visitor.visits("/slices/?by=quarter&by=category")
    stands(visitor)
    visitor.window.look(RESTORE.format("{group_by: ['Категория'], split_by: []}"))
    visitor.waits("document.getElementById('pivot-view').value.includes('\"group_by\":[\"category\"]')")
    visitor.types("#slice-name", "По категориям")
    visitor.sends(".slices-keep")

    kept = SavedSlice.objects.get()
    assert kept.view["by"] == ["quarter", "category"]
    assert kept.view["pivot"]["group_by"] == ["category"]
    stands(visitor)
    opened = visitor.window.look("document.querySelector('perspective-viewer').save().then(view => view.group_by)")
    assert opened == ["Категория"]


def test_on_a_phone_the_cells_come_first_and_the_pivot_when_asked(shown: tuple[Visitor, Staff]) -> None:
    visitor, _ = shown

    visitor.visits("/slices/?by=category&by=centre", width=390)

    assert not visitor.sees("perspective-viewer")
    visitor.finds_sound("slices-390")
    visitor.window.look("document.querySelector('.slices-fields').click()")
    stands(visitor)
    visitor.finds_sound("slices-390-pivot")
