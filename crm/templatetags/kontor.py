"""Template filters for amounts, deadlines and states."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from unfold.enums import ActionVariant

from catalog.pictures import thumbnail
from inventory.models.movement import StockMovement
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.status_colours import STATUS_COLOURS
from shared.admin.active_filters import active_filters as filters_of
from shared.admin.display import countdown, day, moment, money, number
from shared.clock import readers_time
from shared.values.addresses import address_text

register = template.Library()
_SCRIPT_TEXTS = (
    _("Navigation"),
    _("Table"),
    _("Search"),
    _("Actions"),
    _("{clock} left"),
    _("overdue by {clock}"),
    _("{hours} h {minutes}"),
    _("{days} d"),
    _("Your session had ended. What you had typed is back: look it over and send it again."),
)
register.filter("money", money)
register.filter("number", number)
register.filter("countdown", countdown)
register.filter("moment", moment)
register.filter("day", day)
register.filter("thumbnail", thumbnail)


@register.simple_tag
def script_texts() -> SafeString:
    """What the scripts of every page say: by the English text, in the reader's language."""
    return json_script({text: gettext(text) for text in _SCRIPT_TEXTS}, "k-texts")


@register.simple_tag
def with_orders(movements: Iterable[StockMovement]) -> list[tuple[StockMovement, Order | None]]:
    """Ledger rows, each with the order it was for: the catalogue knows nothing of orders. One statement."""
    rows = list(movements)
    items = OrderItem.objects.filter(pk__in={row.order_item_id for row in rows if row.order_item_id})
    orders = {item.pk: item.order for item in items.select_related("order")}
    return [(row, orders.get(row.order_item_id) if row.order_item_id else None) for row in rows]


@register.filter
def postal(address: Mapping[str, Any] | None) -> str:
    """An address in lines, as the country's post prints it."""
    return address_text(address)


@register.filter
def is_today(value: datetime | None) -> bool:
    """Whether it is on the reader's day."""
    return value is not None and readers_time(value).date() == readers_time(timezone.now()).date()


@register.filter
def order_colour(status: str) -> str:
    """The colour of an order's or payment's status: success, warning, danger, info or default."""
    return STATUS_COLOURS.get(status, "default")


@register.filter(is_safe=True)
def show_all_links(html: str) -> str:
    """The same HTML with links to the bare list asking for its first page: a bare address opens the default view."""
    return html.replace('href="?"', 'href="?p=1"')


@register.inclusion_tag("admin/kontor/views_bar.html", takes_context=True)
def saved_views(context: template.Context, changelist: ChangeList) -> dict[str, Any]:
    """The views that the colleague may open of a list."""
    from crm.admin.saved_views.views import bar_of  # admin modules are loaded once the site is

    request = context["request"]
    return {**bar_of(request, changelist), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("admin/kontor/list_columns.html", takes_context=True)
def list_columns(context: template.Context, changelist: ChangeList) -> dict[str, Any]:
    """The panel in which its reader chooses what the list shows."""
    from crm.admin.list_columns.views import panel_of  # admin modules are loaded once the site is

    return {**panel_of(context["request"], changelist), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("admin/kontor/active_filters.html", takes_context=True)
def active_filters(context: template.Context, changelist: ChangeList) -> dict[str, Any]:
    """What the list is filtered by, to be taken away one by one."""
    return {"filters": filters_of(context["request"], changelist)}


@register.simple_tag
def main_action(*groups: Iterable[dict[str, Any]] | None) -> dict[str, Any]:
    """The button of a page's next step, and the rest of its buttons: the first that is meant so, else the only one."""
    buttons = [button for group in groups for button in group or ()]
    meant = [one for one in buttons if one.get("variant") in (ActionVariant.PRIMARY, ActionVariant.SUCCESS)]
    main = next(iter(meant or (buttons if len(buttons) == 1 else [])), None)
    return {"main": main, "rest": [button for button in buttons if button is not main]}
