"""What is sold, and how much of it is there."""

from typing import Any

from pydantic import Field

from mcp_server.rest import RestCaller
from mcp_server.tool import Arguments, Limit, Tool, is_id, rows_of


class FindVariants(Arguments):
    words: str = Field(
        min_length=2, max_length=200, description="Words of the product's or variant's name, or the SKU."
    )
    limit: Limit = 10


class StockOf(Arguments):
    variant: str = Field(min_length=1, max_length=64, description="The variant's id or SKU.")


def _find_variants(rest: RestCaller, arguments: FindVariants) -> dict[str, Any]:
    page = rest.get("/variants", search=arguments.words, limit=arguments.limit)
    rows = rows_of(page, "id", "sku", "name", "price", "currency", "is_active", "available")
    return {"variants": rows, "more": page["next"] is not None}


def _stock_of(rest: RestCaller, arguments: StockOf) -> dict[str, Any]:
    named = {"variant" if is_id(arguments.variant) else "sku": arguments.variant}
    page = rest.get("/stock-levels", limit=25, **named)
    levels = rows_of(page, "id", "variant", "seller", "location", "on_hand", "reserved", "available")
    return {"levels": levels, "more": page["next"] is not None}


TOOLS = (
    Tool(
        "find_variants",
        "Find variants",
        "What is for sale, by words of its name or by its SKU, with price and how many are available.",
        FindVariants,
        _find_variants,
    ),
    Tool(
        "stock_of",
        "Stock of a variant",
        "Each place that has the variant: on hand, reserved, available.",
        StockOf,
        _stock_of,
    ),
)
