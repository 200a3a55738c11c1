"""What the order routes accept. Pydantic, because a body is checked on the hot path: it names every fault in a few
microseconds where a nested serializer takes half a millisecond (docs/decisions)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY, PlaceOrder, PlaceOrderLine
from orders.states import OrderStatus
from shared.api.bodies import PLAIN, Amount, CurrencyCode, Id, StrictBody

Slug30 = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,30}$")]
Slug40 = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
CouponCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class PlaceOrderLineBody(StrictBody):
    """One line: what, how many, from whom."""

    variant: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(description="Variant id or SKU.")
    quantity: int = Field(ge=1, le=MAX_QUANTITY)
    seller: Id | None = Field(None, description="Unset: the default seller if it stocks the variant, else by priority.")


class PlaceOrderBody(StrictBody):
    """An order to place."""

    customer: Id | None = Field(None, description="Staff and keys must name one; a customer's login is its own.")
    items: list[PlaceOrderLineBody] = Field(min_length=1, max_length=MAX_LINES)
    note: str = Field("", max_length=10_000)
    currency: CurrencyCode | None = Field(None, description="Unset: the variants' currency.")
    ship_to_country: CountryCode | None = Field(None, description="Unset: the customer's country.")
    shipping_method: Slug40 | None = Field(None, description="A code of GET /shipping-methods.")
    coupon: CouponCode | None = Field(None, description="Capitals do not matter.")
    payment_method: Slug30 | None = Field(None, description="How the buyer means to pay, e.g. bank_transfer.")

    def to_request(self, customer_id: UUID) -> PlaceOrder:
        """As the service takes it."""
        lines = tuple(PlaceOrderLine(item.variant, item.quantity, item.seller) for item in self.items)
        return PlaceOrder(
            customer_id,
            lines,
            self.note,
            self.currency,
            ship_to_country=self.ship_to_country or "",
            shipping_method=self.shipping_method or "",
            coupon=(self.coupon or "").upper(),
            payment_method=self.payment_method or "",
        )


UNSETTLED = "Goods leave though the order is not paid in full, or disputed. Needs the right to ship such orders."


class ConfirmPaymentBody(StrictBody):
    """A payment that came in."""

    status: Literal["paid"]
    amount: Annotated[Amount, Field(ge=0), PLAIN] | None = Field(
        None, description="Unset: what the order waits for, its total or what is still open of it."
    )
    currency: CurrencyCode | None = Field(None, description="Unset: the order's.")
    reference: str = Field("", max_length=255, description="The payer's or provider's name for this payment.")


class AdvanceOrderBody(StrictBody):
    """Where the order goes."""

    status: Annotated[OrderStatus, Field(strict=False)]
    reason: str = Field("", max_length=200)
    unsettled: bool = Field(False, description=UNSETTLED)
    version: int | None = Field(None, ge=0, description="The version you read; a stale one is refused with 412.")
