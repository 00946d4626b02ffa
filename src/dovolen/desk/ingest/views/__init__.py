"""Pages of the import."""

from dovolen.desk.ingest.views.bringing import connection, imports
from dovolen.desk.ingest.views.choosing import mapping, mapping_text
from dovolen.desk.ingest.views.following import check, one_import, undo
from dovolen.desk.ingest.views.rejected import rows, rows_file

__all__ = [
    "check", "connection", "imports", "mapping", "mapping_text", "one_import", "rows", "rows_file", "undo",
]  # fmt: skip
