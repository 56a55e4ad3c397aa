"""What a page asks about whoever reads it."""

from django import template

from catalogue.accounts.policy import lacks_second_factor

register = template.Library()
register.filter("lacks_second_factor", lacks_second_factor)
