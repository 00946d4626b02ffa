"""An index of trigrams for each kind of subject, kept by the base itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

KINDS = ("customer", "asset", "order")
SQLITE = """
CREATE VIEW core_findable_{kind} AS SELECT id, text FROM core_findable WHERE kind = '{kind}';
CREATE VIRTUAL TABLE core_find_{kind} USING fts5(
    text, content = 'core_findable_{kind}', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO core_find_{kind} (core_find_{kind}) VALUES ('rebuild');
CREATE TRIGGER core_find_{kind}_put AFTER INSERT ON core_findable WHEN new.kind = '{kind}' BEGIN
    INSERT INTO core_find_{kind} (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER core_find_{kind}_drop AFTER DELETE ON core_findable WHEN old.kind = '{kind}' BEGIN
    INSERT INTO core_find_{kind} (core_find_{kind}, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER core_find_{kind}_change AFTER UPDATE ON core_findable
WHEN old.kind = '{kind}' AND old.text <> new.text BEGIN
    INSERT INTO core_find_{kind} (core_find_{kind}, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO core_find_{kind} (rowid, text) VALUES (new.id, new.text);
END;
"""
SQLITE_BACK = """
DROP TRIGGER core_find_{kind}_put;
DROP TRIGGER core_find_{kind}_drop;
DROP TRIGGER core_find_{kind}_change;
DROP TABLE core_find_{kind};
DROP VIEW core_findable_{kind};
"""
POSTGRES = "CREATE INDEX core_find_{kind} ON core_findable USING gin (text gin_trgm_ops) WHERE kind = '{kind}'"


def make(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Make the index of each kind."""
    connection = editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for kind in KINDS:
            if connection.vendor == "postgresql":
                cursor.execute(POSTGRES.format(kind=kind))
            else:
                run(cursor, SQLITE.format(kind=kind))


def unmake(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Drop the indexes."""
    with editor.connection.cursor() as cursor:
        for kind in KINDS:
            if editor.connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX core_find_{kind}")
            else:
                run(cursor, SQLITE_BACK.format(kind=kind))


def run(cursor: Any, script: str) -> None:
    """Statements of a script one by one: the driver's own way to run scripts would end the transaction."""
    import sqlite3

    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            cursor.execute(statement)
            statement = ""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_answered_findable")]
    operations = [migrations.RunPython(make, unmake)]
