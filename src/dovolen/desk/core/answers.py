"""A page, or the part of it that htmx asked for: both are one template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Template, loader
from django.template.context import make_context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode


def respond(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page; to htmx the block that bears the name of the element it will fill, where the page has one."""
    page: Template = loader.get_template(template).template  # type: ignore[attr-defined]
    values = make_context(dict(context or {}), request)
    name = request.headers.get("HX-Target", "") if _asks_for_part(request) else ""
    text = _part(page, name, values) if name else None
    response = HttpResponse(page.render(values) if text is None else text, status=status)
    response.headers["Vary"] = "HX-Request"
    return response


def _asks_for_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def _part(page: Template, name: str, values: Any) -> str | None:
    """A block of a page as its templates, from the page itself up to the frame, fill it; None where there is none."""
    with values.bind_template(page), values.render_context.push_state(page):
        blocks, template = BlockContext(), page
        while extends := next((node for node in template.nodelist if isinstance(node, ExtendsNode)), None):
            blocks.add_blocks(extends.blocks)
            template = extends.get_parent(values)
        outermost: Any = template.nodelist.get_nodes_by_type(BlockNode)
        blocks.add_blocks({block.name: block for block in outermost})
        part: BlockNode | None = blocks.get_block(name)
        if part is None:
            return None
        values.render_context[BLOCK_CONTEXT_KEY] = blocks
        return str(part.render(values))
