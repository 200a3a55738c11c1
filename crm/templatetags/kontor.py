"""Template filters for amounts, deadlines and states."""

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList

from orders.status_colours import STATUS_COLOURS
from shared.admin.display import countdown, money
from shared.reasons import shown_reason

register = template.Library()
register.filter("money", money)
register.filter("countdown", countdown)
register.filter("shown_reason", shown_reason)


@register.filter
def order_colour(status: str) -> str:
    """The colour of an order's or payment's status: success, warning, danger, info or default."""
    return STATUS_COLOURS.get(status, "default")


@register.inclusion_tag("admin/kontor/views_bar.html", takes_context=True)
def saved_views(context: template.Context, changelist: ChangeList) -> dict[str, Any]:
    """The views that the colleague may open of a list."""
    from crm.admin.saved_view import bar_of  # admin modules are loaded once the site is

    request = context["request"]
    return {**bar_of(request, changelist), "csrf_token": context.get("csrf_token")}
