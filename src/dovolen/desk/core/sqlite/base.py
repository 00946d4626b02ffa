"""The backend itself: Django's own, with `pysqlite3` in the place of `sqlite3` where it brings a newer library."""

from __future__ import annotations

import sqlite3
import sys
from types import ModuleType


def _newest() -> ModuleType:
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    return pysqlite3 if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


_chosen = _newest()
_before = {name: sys.modules.get(name) for name in ("sqlite3", "sqlite3.dbapi2")}
sys.modules.update({"sqlite3": _chosen, "sqlite3.dbapi2": _chosen.dbapi2})
try:
    from django.db.backends.sqlite3.base import Database, DatabaseWrapper
finally:
    sys.modules.update({name: module for name, module in _before.items() if module})

VERSION: str = Database.sqlite_version

__all__ = ["VERSION", "Database", "DatabaseWrapper"]
