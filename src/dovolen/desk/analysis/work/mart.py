"""The mart: what a snapshot says as Parquet files for other programs, without names, phones or any text of people."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.desk.analysis import mart_files
from dovolen.desk.analysis.mart_contents import DAYS, NOT_WRITTEN, OF_PEOPLE, ORDERS, RENAMED, SCORED
from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.analysis.work.writing import Beside
from dovolen.insight import report
from dovolen.insight.study import Study

Taken = Callable[[pa.Table, pa.Table], None]


def write(study: Study, clients: pa.Table, snapshot: Snapshot, *, writer: Beside, take: Taken) -> Path:
    """Write the folder of a snapshot, whole or not at all; `take` is given scores and points as they pass.

    Scores are many, and everything they need is known: `writer` writes them while the rest of the study is computed.
    """
    folder = mart_files.folder_of(snapshot)
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    _ = study.rooms
    files = dict(study.files())
    if all(name in files for name in SCORED):
        pieces = zip(*(files.pop(name)() for name in SCORED), strict=True)
        writer.do(partial(_write_scored, writer.while_wanted(pieces), fresh, take))
    report.write_parquet(
        [clients.drop_columns([name for name in OF_PEOPLE if name in clients.column_names])], fresh / "clients.parquet"
    )
    report.write_parquet([study.views.fetch(ORDERS)], fresh / "orders.parquet")
    report.write_parquet([study.views.fetch(DAYS)], fresh / "days.parquet")
    for name, rows in files.items():
        if name not in NOT_WRITTEN:
            report.write_parquet(rows(), fresh / f"{name}.parquet")
    told = json.dumps(report.study_json(study, "en"), ensure_ascii=False)
    (fresh / "study.json").write_text(told, "utf-8")
    writer.wait()
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder


def _write_scored(pieces: Iterable[tuple[pa.Table, ...]], folder: Path, take: Taken) -> None:
    writers: list[pq.ParquetWriter] = []
    for scored, points in pieces:
        if not writers:
            writers = [
                pq.ParquetWriter(folder / f"{RENAMED.get(name, name)}.parquet", rows.schema, compression="zstd")
                for name, rows in zip(SCORED, (scored, points), strict=True)
            ]
        for writer, rows in zip(writers, (scored, points), strict=True):
            writer.write_table(rows)
        take(scored, points)
    for writer in writers:
        writer.close()


def show_latest(snapshot: Snapshot) -> None:
    """`latest` of the scope is the folder of this snapshot from now on."""
    folder = mart_files.folder_of(snapshot)
    fresh = folder.with_name(f"{mart_files.LATEST}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.name, target_is_directory=True)
    fresh.replace(folder.parent / mart_files.LATEST)
