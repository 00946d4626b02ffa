"""Addresses of the pages beside one of a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dovolen.desk.core.paging import Page


def beside(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """`earlier` and `later`: this page's address with another cursor; empty where there is none."""
    return {name: _address(request, cursor) for name, cursor in (("earlier", page.earlier), ("later", page.later))}


def _address(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f"?{asked.urlencode()}"
