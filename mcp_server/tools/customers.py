"""Who buys."""

from typing import Any

from pydantic import Field

from mcp_server.rest import RestCaller
from mcp_server.tool import Arguments, Limit, RecordId, Tool, picked, rows_of

CUSTOMER = ("id", "name", "email", "phone", "company", "tax_number", "tags", "created_at")
ORDER = ("id", "number", "customer", "status", "payment_status", "currency", "total", "created_at")


class FindCustomers(Arguments):
    words: str = Field(
        min_length=2, max_length=200, description="Words of the name or e-mail, or a phone's last digits."
    )
    limit: Limit = 10


class Customer360(Arguments):
    customer: RecordId


def _find_customers(rest: RestCaller, arguments: FindCustomers) -> dict[str, Any]:
    page = rest.get("/customers", search=arguments.words, limit=arguments.limit)
    return {"customers": rows_of(page, *CUSTOMER), "more": page["next"] is not None}


def _customer_360(rest: RestCaller, arguments: Customer360) -> dict[str, Any]:
    customer = rest.get(f"/customers/{arguments.customer}")
    of_customer = {"customer": arguments.customer, "limit": 5}
    return {
        "customer": picked(customer, *CUSTOMER),
        "orders": rows_of(rest.get("/orders", **of_customer), *ORDER),
        "open_deals": rows_of(
            rest.get("/deals", status="open", **of_customer), "id", "title", "stage", "value", "currency"
        ),
        "open_tasks": rows_of(rest.get("/tasks", is_done="false", **of_customer), "id", "title", "due_at", "assignee"),
        "activities": rows_of(rest.get("/activities", **of_customer), "id", "kind", "subject", "text", "happened_at"),
    }


TOOLS = (
    Tool(
        "find_customers",
        "Find customers",
        "Customers by words of their name or e-mail, or the last digits of their phone.",
        FindCustomers,
        _find_customers,
    ),
    Tool(
        "customer_360",
        "Everything of a customer",
        "One customer with the five newest of its orders, open deals, open tasks and activities.",
        Customer360,
        _customer_360,
    ),
)
