"""The command as a person at a terminal meets it: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dovolen.cli import main

PARQUET = ("customers", "cascade", "orders", "points", "client_categories", "duplicates")
WRITTEN = {"report.html", "report.xlsx", "study.json", *(f"{name}.parquet" for name in PARQUET)}
ORDERS = """\
client,date,sum
Anna,2024-01-05,10
Boris,2024-02-05,20
Anna,2024-03-05,15
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented centre as `dovolen synth` writes it."""
    folder = tmp_path_factory.mktemp("demo")
    assert main(["synth", "--customers", "150", "--seed", "1", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    return path


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that has to end with 2 and one sentence; gives the sentence."""

    def run(*arguments: object) -> str:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as end:  # argparse has its own
            code = end.code
        told = capsys.readouterr().err.strip().splitlines()
        assert code == 2
        assert told
        assert not [line for line in told if "Traceback" in line]
        assert told[-1].startswith("dovolen")
        return told[-1]

    return run


def test_a_study_of_the_demo_writes_its_files(demo, tmp_path, capsys):
    code = main(["study", str(demo), "--asof", "2026-06-30", "--out", str(tmp_path / "made" / "report")])

    shown = capsys.readouterr()
    written = tmp_path / "made" / "report"
    assert code == 0
    assert {path.name for path in written.iterdir()} == WRITTEN
    assert shown.out.strip() == str(written / "report.html")
    assert "Чтение" in shown.err
    assert "Готово" in shown.err
    assert 'lang="ru"' in (written / "report.html").read_text("utf-8")


def test_what_is_written_says_the_same(demo, tmp_path, capsys):
    main(["study", str(demo), "--lang", "en", "--out", str(tmp_path)])

    told = json.loads((tmp_path / "study.json").read_text("utf-8"))
    customers, cascade = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("customers", "cascade"))
    assert told["figures"]["base.clients"]["value"] == customers.num_rows
    assert cascade.num_rows == told["figures"]["base.served"]["value"]
    assert cascade.column_names == ["customer_id", "state_before", "state_after", "flow"]
    assert "quality.accounts" in told["sheets"]
    assert 'lang="en"' in (tmp_path / "report.html").read_text("utf-8")
    assert "Done" in capsys.readouterr().err


def test_the_same_seed_invents_the_same_centre(demo, tmp_path, capsys):
    main(["synth", "--customers", "150", "--seed", "1", "--out", str(tmp_path)])

    assert pq.read_table(tmp_path / "orders.parquet").equals(pq.read_table(demo / "orders.parquet"))


def test_the_settings_of_a_command_come_before_those_of_a_file(orders, tmp_path, capsys):
    (tmp_path / "settings.toml").write_text('grid = "3"\nminimum = 1\n', "utf-8")

    main(["study", str(orders), "--config", str(tmp_path / "settings.toml"), "--grid", "2", "--out", str(tmp_path)])
    meta = json.loads((tmp_path / "study.json").read_text("utf-8"))["meta"]
    assert (meta["grid"], meta["config"]["minimum"]) == (2, 1)


def test_what_map_prints_study_reads(orders, tmp_path, capsys):
    assert main(["map", str(orders)]) == 0
    (tmp_path / "mine.toml").write_text(capsys.readouterr().out, "utf-8")

    assert main(["study", str(orders), "--mapping", str(tmp_path / "mine.toml"), "--out", str(tmp_path)]) == 0
    told = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert told["figures"]["base.clients"]["value"] == 2
    assert told["figures"]["base.revenue"]["value"] == 4500


def test_columns_may_be_named_by_hand(tmp_path, capsys):
    path = tmp_path / "strange.csv"
    path.write_text(ORDERS.replace("client,date,sum", "alpha,beta,gamma"), "utf-8")

    code = main(
        ["study", str(path), "--columns", "customer_id=alpha,accepted_at=beta,revenue=gamma", "--out", str(tmp_path)]
    )
    told = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert code == 0
    assert told["figures"]["base.orders"]["value"] == 3


def test_check_prints_findings_and_writes_nothing(orders, tmp_path, capsys):
    assert main(["check", str(orders)]) == 0

    shown = capsys.readouterr()
    assert "3 прочитано = 3 использовано + 0 отложено" in shown.out.replace("\u00a0", " ")
    assert "orders.parts_cost" not in shown.out, "what cannot be computed belongs to the report"
    assert shown.err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_check_speaks_english_when_asked(orders, capsys):
    main(["check", str(orders), "--lang", "en"])

    assert "3 read = 3 used + 0 set aside" in capsys.readouterr().out.replace("\u00a0", " ")


def test_bad_input_is_told_in_a_sentence(orders, tmp_path, refused):
    out = ("--out", tmp_path / "report")

    assert "nowhere.csv" in refused("study", tmp_path / "nowhere.csv", *out)
    assert "client, date, sum" in refused("study", orders, "--columns", "customer_id=buyer", *out)
    assert "orders.shoe_size" in refused("study", orders, "--columns", "shoe_size=sum", *out)
    assert "31.12.2024" in refused("study", orders, "--asof", "31.12.2024", *out)
    assert "none.toml" in refused("study", orders, "--mapping", tmp_path / "none.toml", *out)
    assert "mysql://" in refused("study", orders, "--engine", "mysql://host/base", *out)
    assert "Nowhere/City" in refused("study", orders, "--zone", "Nowhere/City", *out)
    assert "nowhere.csv" in refused("check", tmp_path / "nowhere.csv")
    assert "nowhere.csv" in refused("map", tmp_path / "nowhere.csv")
    assert not (tmp_path / "report" / "report.html").exists()


def test_days_that_cannot_be_studied_are_told(orders, tmp_path, refused):
    out = ("--out", tmp_path / "report")

    assert "2024-05-01" in refused("study", orders, "--compare", "2024-05-01", *out)
    assert "2024-01-05" in refused("study", orders, "--asof", "2020-01-01", *out)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('grid = "7"', "grid = 7"),
        ("minimun = 5", "minimun"),
        ("minimum = -1", "minimum = -1"),
        ("minimum = ", "settings.toml"),
        ('rfm_method = "fixed"', "cuts_r"),
    ],
)
def test_settings_that_cannot_be_are_told(text, named, orders, tmp_path, refused):
    (tmp_path / "settings.toml").write_text(text, "utf-8")

    assert named in refused("study", orders, "--config", tmp_path / "settings.toml", "--out", tmp_path / "report")


def test_a_file_is_no_folder_to_write_into(orders, refused):
    assert "orders.csv" in refused("study", orders, "--out", orders)


def test_refusals_speak_the_readers_language(orders, tmp_path, refused):
    (tmp_path / "settings.toml").write_text('grid = "7"', "utf-8")
    asked = ("study", orders, "--config", tmp_path / "settings.toml", "--out", tmp_path / "report")

    assert "выберите" in refused(*asked)
    assert "choose" in refused(*asked, "--lang", "en")


@pytest.mark.parametrize("command", ["", "study", "check", "map", "synth"])
def test_help_fits_a_terminal_and_ends_well(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([*filter(None, [command]), "--help"])

    assert end.value.code == 0
    assert "usage: dovolen" in capsys.readouterr().out


def test_no_command_shows_the_help(capsys):
    assert main([]) == 2
    assert "examples:" in capsys.readouterr().out


def test_the_process_ends_as_the_command_says(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "dovolen", "study", tmp_path / "nowhere.csv", "--out", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
