"""What happened, and what came of it."""

from datetime import timedelta
from typing import Any

from pydantic import Field
from rest_framework.exceptions import PermissionDenied

from catalog.seller_access import sellers_of
from crm.reads.sales import sales_since
from mcp_server.rest import RestCaller
from mcp_server.tool import MOST_ROWS, Arguments, Limit, RecordId, Tool
from shared.api.permissions import require_also
from shared.clock import shop_today
from shared.money.amounts import format_money
from users.models.api_key import Scope


class EventsAfter(Arguments):
    after: int = Field(
        0, ge=0, le=2**53, description="The position of the last event that is known; 0: from the first."
    )
    types: str | None = Field(None, max_length=500, description="As in order.*,stock.changed; unset: all.")
    aggregate: RecordId | None = Field(None, description="Of this record alone.")
    limit: Limit = MOST_ROWS


class SalesSummary(Arguments):
    days: int = Field(7, ge=1, le=MOST_ROWS, description="So many days back, with today, by the shop's days.")


def _events_after(rest: RestCaller, arguments: EventsAfter) -> dict[str, Any]:
    found: dict[str, Any] = rest.get("/events", **arguments.model_dump())
    return found


def _sales_summary(rest: RestCaller, arguments: SalesSummary) -> dict[str, Any]:
    """Sums have no address over REST: the rights are the dashboard's."""
    require_also(rest.request, permission="orders.view_order", scope=Scope.ORDERS_READ)
    if sellers_of(rest.request.user) is not None:
        raise PermissionDenied("The sums are the whole shop's; you see some of its sellers.")
    sales = sales_since(shop_today() - timedelta(days=arguments.days - 1))
    days = [
        {
            "day": day.day.isoformat(),
            "currency": day.currency,
            "orders": day.placed,
            "paid": day.paid,
            "expired": day.expired,
            "cancelled": day.cancelled,
            "revenue": format_money(day.revenue, day.currency),
        }
        for day in sales.days
    ]
    return {"days": days, "is_at_least": sales.is_least}


TOOLS = (
    Tool(
        "events_after",
        "Events after a position",
        "Every change since a position in the feed of events, oldest first; ask again with next_after.",
        EventsAfter,
        _events_after,
    ),
    Tool(
        "sales_summary",
        "Sales by day",
        "Orders and revenue of the last days, by the shop's day that they were placed on and by currency.",
        SalesSummary,
        _sales_summary,
    ),
)
