"""What templates say of organisations and the people in them."""

from django import template

from catalogue.accounts.roles import Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    return str(Role(role).label)
