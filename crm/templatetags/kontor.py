"""Template filters for amounts, deadlines and states."""

from django import template

from orders.status_colours import STATUS_COLOURS
from shared.admin.display import countdown, money

register = template.Library()
register.filter("money", money)
register.filter("countdown", countdown)


@register.filter
def order_colour(status: str) -> str:
    """The colour of an order's or payment's status: success, warning, danger, info or default."""
    return STATUS_COLOURS.get(status, "default")
