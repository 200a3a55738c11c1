"""What the routes of drafts and quotes accept."""

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field

from orders.api.orders.bodies import CountryCode, CouponCode, OrderAddressBody, Slug30, Slug40
from orders.drafts.terms import DraftTerms
from orders.models.draft import REASON_LENGTH, DiscountKind, DraftKind
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.pricing.given_discounts import GivenDiscount
from orders.services.drafts.write_draft import DraftedLine
from shared.api.bodies import PLAIN, Amount, CurrencyCode, Id, StrictBody
from shared.money.currencies import known_currency

_KnownCurrency = Annotated[CurrencyCode, AfterValidator(known_currency)]
# JSON has no dates: strict bodies would take none.
_Day = Annotated[date, Field(strict=False)]
_Version = Annotated[int | None, Field(ge=0, description="The version you read; a stale one is refused with 412.")]


_MAY_AGREE = "Needs the right to agree prices; keys the scope `prices:write`."


class DiscountBody(StrictBody):
    """What staff take off, and why."""

    kind: Annotated[DiscountKind, Field(strict=False)]
    value: Annotated[Amount, Field(gt=0, max_digits=15), PLAIN] = Field(
        description="Percent (10 is 10 %), or an amount in the draft's currency; never more than there is."
    )
    reason: str = Field(
        min_length=1, max_length=REASON_LENGTH, description="Stays with the order. The customer reads it."
    )

    def given(self) -> GivenDiscount:
        return GivenDiscount(self.kind, self.value, self.reason)


class DraftLineBody(StrictBody):
    """One line; without an agreed price it costs what it costs on the day it is ordered."""

    variant: Id
    quantity: int = Field(ge=1, le=MAX_QUANTITY)
    seller: Id | None = None
    agreed_price: Annotated[Amount, Field(ge=0, max_digits=15), PLAIN] | None = Field(
        None, description="Of one unit, instead of the catalogue's."
    )
    discount: DiscountBody | None = Field(None, description=f"Off the whole line. {_MAY_AGREE}")

    def to_line(self) -> DraftedLine:
        discount = self.discount.given() if self.discount else None
        return DraftedLine(self.variant, self.quantity, self.seller, self.agreed_price, discount)


class _Terms(StrictBody):
    """What the order will name beside its lines, as POST /orders does."""

    ship_to_country: CountryCode | Literal[""] | None = Field(None, description="Unset: the customer's country.")
    delivery_address: OrderAddressBody | None = Field(None, description="Unset: the customer's default one.")
    billing_address: OrderAddressBody | None = Field(None, description="Unset: the customer's default one.")
    shipping_method: Slug40 | Literal[""] | None = Field(None, description="A code of GET /shipping-methods.")
    payment_method: Slug30 | Literal[""] | None = Field(
        None, description="A code of GET /payment-methods. Unset: that of staff's orders."
    )
    coupon: CouponCode | Literal[""] | None = Field(None, description="Capitals do not matter.")
    discount: DiscountBody | None = Field(
        None, description=f"Off the whole order, after the lines' own and the coupon. {_MAY_AGREE}"
    )

    def terms(self) -> DraftTerms:
        """Those that were sent; null takes away."""
        names = DraftTerms.__annotations__.keys() & self.model_fields_set
        sent: dict[str, Any] = {name: getattr(self, name) for name in names}
        for name, value in sent.items():
            # Each as its column wants it when there is nothing: no discount is none at all, no address NULL, no code
            # empty.
            if name == "discount":
                sent[name] = value.given() if value else None
            elif name.endswith("_address"):
                sent[name] = value.model_dump() if value else None
            else:
                sent[name] = value or ""
        return cast(DraftTerms, sent)


class NewDraftBody(_Terms):
    """A draft or quote for a customer."""

    kind: Annotated[DraftKind, Field(strict=False)] = DraftKind.DRAFT
    customer: Id
    currency: _KnownCurrency | None = Field(None, description="Unset: the shop's.")
    # A draft may begin empty; only ordering it needs a line.
    lines: list[DraftLineBody] = Field(default_factory=list, max_length=MAX_LINES)
    note: str = Field("", max_length=10_000)
    valid_until: _Day | None = Field(None, description="The last day, by the shop's, on which it can become an order.")


class ChangeDraftBody(_Terms):
    """What is named changes; `lines` are then all lines."""

    lines: list[DraftLineBody] | None = Field(None, max_length=MAX_LINES)
    note: str | None = Field(None, max_length=10_000)
    valid_until: _Day | None = None
    version: _Version = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent."""
        # null takes the last day away, and of a note it says nothing: a note that is taken away is an empty one.
        sent = {name: getattr(self, name) for name in ("note", "valid_until") if name in self.model_fields_set}
        return {**self.terms(), **{name: value for name, value in sent.items() if name != "note" or value is not None}}


class DecideDraftBody(StrictBody):
    version: _Version = None
