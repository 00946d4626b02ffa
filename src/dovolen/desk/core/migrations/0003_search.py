"""Words and trigrams of what can be found, kept by the base itself out of `core_findable`.

`core_word` answers to beginnings of words, however many there are; trigrams to what stands inside of words.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db import migrations

KINDS = ("customer", "asset", "order")

SQLITE = """
CREATE TABLE core_word (
    kind text NOT NULL, word text NOT NULL, subject_id bigint NOT NULL, PRIMARY KEY (kind, word, subject_id DESC)
) WITHOUT ROWID;
CREATE TRIGGER core_word_put AFTER INSERT ON core_findable BEGIN
    INSERT INTO core_word SELECT DISTINCT new.kind, value, new.subject_id FROM json_each({new}) WHERE value NOT IN ('', '|');
END;
CREATE TRIGGER core_word_drop AFTER DELETE ON core_findable BEGIN
    DELETE FROM core_word WHERE kind = old.kind AND subject_id = old.subject_id
    AND word IN (SELECT value FROM json_each({old}));
END;
CREATE TRIGGER core_word_change AFTER UPDATE ON core_findable WHEN old.text <> new.text BEGIN
    DELETE FROM core_word WHERE kind = old.kind AND subject_id = old.subject_id
    AND word IN (SELECT value FROM json_each({old}));
    INSERT INTO core_word SELECT DISTINCT new.kind, value, new.subject_id FROM json_each({new}) WHERE value NOT IN ('', '|');
END;
INSERT INTO core_word SELECT DISTINCT kind, value, subject_id FROM core_findable, json_each({text})
WHERE value NOT IN ('', '|');
"""
LISTED = """'["' || replace({text}, ' ', '","') || '"]'"""
SQLITE_BACK = """
DROP TRIGGER core_word_put;
DROP TRIGGER core_word_drop;
DROP TRIGGER core_word_change;
DROP TABLE core_word;
"""
SQLITE_KIND = """
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
SQLITE_KIND_BACK = """
DROP TRIGGER core_find_{kind}_put;
DROP TRIGGER core_find_{kind}_drop;
DROP TRIGGER core_find_{kind}_change;
DROP TABLE core_find_{kind};
DROP VIEW core_findable_{kind};
"""

POSTGRES = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE core_word (kind text NOT NULL, word text COLLATE "C" NOT NULL, subject_id bigint NOT NULL);
CREATE OR REPLACE FUNCTION core_words(text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT word FROM unnest(string_to_array($1, ' ')) AS word WHERE word NOT IN ('', '|')
$$;
CREATE OR REPLACE FUNCTION core_word_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM core_word WHERE kind = old.kind AND subject_id = old.subject_id
        AND word IN (SELECT core_words(old.text));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO core_word SELECT new.kind, core_words(new.text), new.subject_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER core_word_keep AFTER INSERT OR UPDATE OR DELETE ON core_findable
FOR EACH ROW EXECUTE FUNCTION core_word_keep();
INSERT INTO core_word SELECT kind, core_words(text), subject_id FROM core_findable;
CREATE UNIQUE INDEX core_word_once ON core_word (kind, word, subject_id DESC);
"""
POSTGRES_BACK = """
DROP TRIGGER core_word_keep ON core_findable;
DROP FUNCTION core_word_keep();
DROP FUNCTION core_words(text);
DROP TABLE core_word;
"""
POSTGRES_KIND = "CREATE INDEX core_find_{kind} ON core_findable USING gin (text gin_trgm_ops) WHERE kind = '{kind}'"


def make(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Make the indexes."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(POSTGRES)
            for kind in KINDS:
                cursor.execute(POSTGRES_KIND.format(kind=kind))
        else:
            lists = {name: LISTED.format(text=f"{name}.text") for name in ("new", "old")}
            _run(cursor, SQLITE.format(text=LISTED.format(text="text"), **lists))
            for kind in KINDS:
                _run(cursor, SQLITE_KIND.format(kind=kind))


def unmake(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Drop the indexes."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(POSTGRES_BACK)
            for kind in KINDS:
                cursor.execute(f"DROP INDEX core_find_{kind}")
        else:
            _run(cursor, SQLITE_BACK)
            for kind in KINDS:
                _run(cursor, SQLITE_KIND_BACK.format(kind=kind))


def _run(cursor: Any, script: str) -> None:
    """Statements one by one: the driver's own way to run scripts would end the transaction."""
    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            cursor.execute(statement)
            statement = ""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_answered_findable")]
    operations = [migrations.RunPython(make, unmake)]
