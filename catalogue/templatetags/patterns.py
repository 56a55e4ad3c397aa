"""Shows a component with given data, as `include … only` does with names known beforehand."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader import get_template

register = template.Library()


@register.simple_tag(takes_context=True)
def component(context: RequestContext, name: str, values: dict[str, Any]) -> str:
    """Render a component with these values alone, and the form's token that some take."""
    return get_template(name).render({"csrf_token": context.get("csrf_token"), **values}, context.request)
