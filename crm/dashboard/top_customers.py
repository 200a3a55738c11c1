"""The card of the customers who bought most."""

from typing import Any

from crm.dashboard.card import MOST_SHOWN
from crm.reads import sales
from shared.admin.display import money


def top_customers(currency: str) -> list[dict[str, Any]]:
    best = sales.top_customers(currency, MOST_SHOWN)
    highest = best[0].revenue if best else None
    return [
        {
            "customer": row.customer,
            "paid": row.paid,
            "revenue": money(row.revenue, currency),
            "share": round(100 * row.revenue / highest) if highest else 0,
        }
        for row in best
    ]
