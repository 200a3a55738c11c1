"""What the order routes accept. Pydantic, because a body is checked on the hot path: it names every fault in a few
microseconds where a nested serializer takes half a millisecond (docs/decisions)."""

from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import Field, StringConstraints

from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY, PlaceOrder, PlaceOrderLine
from orders.services.orders.update_order import OrderChanges
from orders.states import OrderStatus
from shared.api.bodies import PLAIN, Amount, CurrencyCode, Id, StrictBody
from shared.api.serializers import METADATA_CHANGES
from shared.errors import InvalidInput
from shared.text.tax_number import LONGEST_TYPED
from shared.values.addresses import LIMITS, Address, check_address
from shared.values.addresses import MAX_LINES as MAX_ADDRESS_LINES
from shared.values.metadata import change_metadata

Slug30 = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,30}$")]
Slug40 = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
# Stripped, as codes are copied out of e-mails with what stands around them.
CouponCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


# Pydantic and no serializer, which would take more time for a list of lines than the rest of the view.
class PlaceOrderLineBody(StrictBody):
    """One line: what, how many, from whom."""

    variant: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(description="Variant id or SKU.")
    quantity: int = Field(ge=1, le=MAX_QUANTITY)
    seller: Id | None = Field(None, description="Unset: the default seller if it stocks the variant, else by priority.")


# As long as the customer's own addresses may be, so that one of theirs can always be sent with an order.
_Text = Annotated[str, StringConstraints(max_length=LIMITS["name"])]


class OrderAddressBody(StrictBody):
    """Where something goes. Which fields are required, and what a postal code looks like, depends on the country."""

    name: _Text = Field("", description="Empty: the customer's.")
    company: _Text = ""
    lines: list[Annotated[str, StringConstraints(max_length=LIMITS["line"])]] = Field(
        default_factory=list, max_length=MAX_ADDRESS_LINES, description="Street and the like."
    )
    city: _Text = ""
    region: Annotated[_Text, Field(description="State, province …; of a country with fixed ones by name or key.")] = ""
    postal_code: str = Field("", max_length=LIMITS["postal_code"])
    country: CountryCode = Field(description="ISO 3166, e.g. UA.")
    phone: str = Field("", max_length=LIMITS["phone"])


# Checked before the service is called: a fault is then told with its place in the body, and no lock is held meanwhile.
def checked_address(body: OrderAddressBody | None, pointer: str) -> Address | None:
    """As it is stored. Raises InvalidInput."""
    return None if body is None else check_address(body.model_dump(), pointer=pointer)


def check_destination(country: str | None, address: OrderAddressBody | None) -> None:
    """Raise InvalidInput for an address in another country than the one that was named."""
    # Taxes go by one of the two; whichever it were, the other would be wrong on the invoice.
    if country and address and address.country != country:
        raise InvalidInput(("/ship_to_country", "contradiction", "The delivery address is in another country."))


_MAY_GO = ("delivery_address", "billing_address")


class UpdateOrderBody(StrictBody):
    """What is named changes; an address null is taken away."""

    delivery_address: OrderAddressBody | None = Field(None, description="In the country it was priced for.")
    billing_address: OrderAddressBody | None = None
    customer_tax_number: str | None = Field(
        None, max_length=LONGEST_TYPED, description="On documents issued from now on, whatever state the order is in."
    )
    metadata: dict[str, str | None] | None = Field(None, description=METADATA_CHANGES)
    version: int | None = Field(None, ge=0, description="The version you read; a stale one is refused with 412.")

    def changes(self) -> OrderChanges:
        """What was sent."""
        # What was not sent stays. null takes an address away; of what else there is it says nothing.
        sent = self.model_dump(exclude={"version"}, include=self.model_fields_set)
        return cast(OrderChanges, {name: value for name, value in sent.items() if name in _MAY_GO or value is not None})


class PlaceOrderBody(StrictBody):
    """An order to place."""

    # Not required here, as it depends on who asks: see `_customer_for`.
    customer: Id | None = Field(None, description="Staff and keys must name one; a customer's login is its own.")
    items: list[PlaceOrderLineBody] = Field(min_length=1, max_length=MAX_LINES)
    note: str = Field("", max_length=10_000)
    currency: CurrencyCode | None = Field(None, description="Unset: the variants' currency.")
    ship_to_country: CountryCode | None = Field(None, description="Unset: the customer's country.")
    shipping_method: Slug40 | None = Field(None, description="A code of GET /shipping-methods.")
    coupon: CouponCode | None = Field(None, description="Capitals do not matter.")
    payment_method: Slug30 | None = Field(None, description="How the buyer means to pay, e.g. bank_transfer.")
    delivery_address: OrderAddressBody | None = Field(None, description="Unset: the customer's default one.")
    billing_address: OrderAddressBody | None = Field(None, description="Unset: the customer's default one.")
    metadata: dict[str, str | None] | None = Field(None, description=METADATA_CHANGES)

    def to_request(self, customer_id: UUID) -> PlaceOrder:
        """As the service takes it. Raises InvalidInput for an address that its country does not take."""
        delivery = checked_address(self.delivery_address, "/delivery_address")
        country = self.ship_to_country or (delivery["country"] if delivery else "")
        check_destination(self.ship_to_country, self.delivery_address)
        lines = tuple(PlaceOrderLine(item.variant, item.quantity, item.seller) for item in self.items)
        return PlaceOrder(
            customer_id,
            lines,
            self.note,
            self.currency,
            ship_to_country=country,
            shipping_method=self.shipping_method or "",
            # As codes are kept; and a repeated key is compared by what stands here, so that `summer` and `SUMMER` are
            # one body.
            coupon=(self.coupon or "").upper(),
            payment_method=self.payment_method or "",
            delivery_address=delivery,
            billing_address=checked_address(self.billing_address, "/billing_address"),
            metadata=change_metadata({}, self.metadata) or None if self.metadata else None,
        )


class SoundPartsBody(PlaceOrderBody):
    """What is left of such a body without what is wrong in it."""

    items: list[PlaceOrderLineBody] = Field(default_factory=list)


UNSETTLED = "Goods leave though the order is not paid in full, or disputed. Needs the right to ship such orders."


class ConfirmPaymentBody(StrictBody):
    """A payment that came in."""

    # The only one that a caller can bring about; what fails or goes back, providers and refunds tell.
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
