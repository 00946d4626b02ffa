"""How much memory a study may take of the machine it runs on, before its rows go to disk."""

from __future__ import annotations

import os

LEAST, MOST = 700, 1_500
"""Megabytes; more than the most makes a study of a million orders no faster."""
SHARE = 8


def of_studies() -> int:
    """Megabytes: an eighth of the machine's, within bounds."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return max(LEAST, min(MOST, machine // SHARE))
