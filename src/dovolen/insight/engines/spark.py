"""Spark: the distributed engine, for a network that has outgrown one machine; or a local one of two cores."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import SparkSession

from dovolen.insight.engines.dialect import translated
from dovolen.insight.engines.rows import canonical, kinds, schema_of
from dovolen.insight.engines.text import name_literal

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",  # an overflow or a spoiled cast is an error, as on the other engines
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}

# One machine is for trying things out, where compiling takes longer than the work: 13 s instead of 31 s for all views.
_LOCAL = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
}

_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.catalogImplementation": "in-memory",
}


class Spark:
    """A session at `spark://local[2]` or `spark://host:port`, in UTC."""

    name = "spark"

    def __init__(self, url: str) -> None:
        place = url.removeprefix("spark://")
        local = place.startswith("local")
        if local:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # nothing listens beyond this machine
        builder = SparkSession.builder.appName("dovolen").master(place if local else url)
        for setting, value in {**_QUIET, **_SETTINGS, **(_LOCAL if local else {})}.items():
            builder = builder.config(setting, value)
        self._base = builder.getOrCreate()
        self._loaded: dict[str, pa.Table | Path | str] = {}

    def load(self, table: str, data: pa.Table | Path | str) -> None:
        """Give `data` the name `table`: Arrow rows, Parquet that the workers see too, or a table or path of theirs."""
        if self._loaded.get(table) is data:
            return
        self._loaded[table] = data
        if isinstance(data, pa.Table):
            rows = self._base.createDataFrame(data.cast(schema_of(data)))
        elif isinstance(data, Path) or "/" in data:
            rows = self._base.read.option("recursiveFileLookup", "true").parquet(str(data))
        else:
            rows = self._base.table(data)
        rows.createOrReplaceTempView(table)

    def create(self, view: str, sql: str, *, keep: bool) -> None:
        """Name the result of `sql` `view`; `keep` computes it once, now."""
        rows = self._base.sql(translated(sql, "spark"))
        # A checkpoint also forgets how the rows came about: plans over plans would take longer than the work.
        made = rows.localCheckpoint(eager=True, storageLevel=StorageLevel.MEMORY_AND_DISK) if keep else rows
        self._loaded.pop(view, None)
        made.createOrReplaceTempView(view)

    def fetch(self, sql: str) -> pa.Table:
        """The rows of `sql`."""
        return canonical(self._base.sql(translated(sql, "spark")).toArrow())

    def columns(self, table: str) -> dict[str, str]:
        """Canonical kind of each column of `table`."""
        return kinds(self._base.sql(f"SELECT * FROM {name_literal(table)} LIMIT 0").toArrow().schema)

    def close(self) -> None:
        """End the session; what it kept goes with it."""
        self._base.stop()
