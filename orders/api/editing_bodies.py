"""What the routes accept that change an order before it is shipped."""

from pydantic import Field

from orders.api.bodies import StrictBody


class ExtendHoldBody(StrictBody):
    """Why the deadline is put off."""

    reason: str = Field("", max_length=200, description="Stays in the order's history.")
    version: int | None = Field(None, ge=0, description="The version you read; a stale one is refused with 412.")
