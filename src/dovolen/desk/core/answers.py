"""A page, or the part of it that htmx asked for: both are one template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Template, loader
from django.template.base import Node
from django.template.context import make_context
from django.template.loader_tags import BlockNode, ExtendsNode


def respond(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page; to htmx the block that bears the name of the element it will fill, where the page has one."""
    page: Template = loader.get_template(template).template  # type: ignore[attr-defined]
    values = make_context(dict(context or {}), request)
    part = _block(page, request.headers.get("HX-Target", "")) if _asks_for_part(request) else None
    if part is None:
        response = HttpResponse(page.render(values), status=status)
    else:
        with values.bind_template(page):
            response = HttpResponse(part.render(values), status=status)
    response.headers["Vary"] = "HX-Request"
    return response


def _asks_for_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def _block(page: Template, name: str) -> Node | None:
    for node in page.nodelist:
        if isinstance(node, ExtendsNode) and name in node.blocks:
            return node.blocks[name]
    blocks: Any = page.nodelist.get_nodes_by_type(BlockNode)
    return next((block for block in blocks if block.name == name), None)
