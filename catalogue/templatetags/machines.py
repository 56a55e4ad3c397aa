"""What a page says to machines: schema.org data, and the words of its card where it is shared."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context, RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
# As Django's json_script: with these three written as escapes no text can close the script element or open a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')


@register.simple_tag
def json_ld(graph: Any) -> SafeString | str:
    """Write nodes as a data block, which runs nothing and so needs no leave of the content security policy."""
    if not graph:
        return ""
    data = {"@context": "https://schema.org", "@graph": graph if isinstance(graph, list) else [graph]}
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)


@register.simple_tag(takes_context=True)
def breadcrumbs_ld(context: RequestContext, trail: Any, current: str) -> SafeString | str:
    """Write where a page stands: the home page, then the steps that have an address, then the page."""
    request = getattr(context, "request", None)
    if request is None:
        return ""
    steps = [(_("Trang chủ"), reverse("home")), *((str(step["label"]), step["url"]) for step in trail or [])]
    items = [
        {"@type": "ListItem", "name": label, "item": request.build_absolute_uri(url)} for label, url in steps if url
    ]
    items.append({"@type": "ListItem", "name": current})
    places = [{**item, "position": position} for position, item in enumerate(items, start=1)]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": places})


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """Write the title and description inside, then the same once more as the card of a shared link.

    So every page has a card in its own words, and no page has to say them twice.
    """
    inside = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(inside)


class SharedNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        written = self.nodelist.render(context)
        site = _("Nền tảng Việt cho cơ quan nhà nước")
        title = _found(_TITLE, written).removesuffix(f" · {site}")
        description = _found(_DESCRIPTION, written)
        card = format_html(
            '\n  <meta property="og:site_name" content="{}">\n  <meta property="og:title" content="{}">'
            '\n  <meta property="og:description" content="{}">',
            site, title, description,
        )  # fmt: skip
        return written + card


def _found(pattern: re.Pattern[str], written: str) -> str:
    found = pattern.search(written)
    return " ".join(html.unescape(found[1]).split()) if found else ""
