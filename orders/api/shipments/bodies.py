"""What the routes of shipments accept."""

from typing import Annotated

from pydantic import Field, HttpUrl, StringConstraints, TypeAdapter, ValidationError, field_validator

from orders.api.orders.bodies import UNSETTLED
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.shipping.shipments import Tracking
from shared.api.bodies import Id, StrictBody

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
_VERSION = "The version you read; a stale one is refused with 412."


class TrackingBody(StrictBody):
    """Who carries it, and how to follow it."""

    carrier: Annotated[str, StringConstraints(max_length=80)] = ""
    tracking_number: Annotated[str, StringConstraints(max_length=120)] = ""
    tracking_url: Annotated[str, StringConstraints(max_length=500)] = Field("", description="http or https.")

    @field_validator("tracking_url")
    @classmethod
    # Checked and not replaced by what pydantic makes of it, which adds a slash and changes letters.
    def _is_a_page(cls, url: str) -> str:
        """As it was written; customers click on it."""
        try:
            if url:
                _URL.validate_python(url)
        except ValidationError:
            raise ValueError("Give the address of a page, as in https://post.example/RR123.") from None
        return url

    def tracking(self) -> Tracking:
        """As services take it."""
        return Tracking(self.carrier, self.tracking_number, self.tracking_url)


class PackLineBody(StrictBody):
    """Units of one line."""

    item: Id = Field(description="The order item's id.")
    quantity: int = Field(ge=1, le=MAX_QUANTITY)


class PackShipmentBody(TrackingBody):
    """A shipment to pack."""

    unsettled: bool = Field(False, description=UNSETTLED)

    items: list[PackLineBody] | None = Field(
        None, min_length=1, max_length=MAX_LINES, description="Unset: all that is left of the order there."
    )
    location: Id | None = Field(None, description="Where it is packed; unset where only one location has the units.")
    version: int | None = Field(None, ge=0, description=f"Of the order. {_VERSION}")

    def units(self) -> dict[Id, int] | None:
        """By line; one that is named twice is added up."""
        if self.items is None:
            return None
        # A line that is named twice is meant twice, as scanners send it.
        sums: dict[Id, int] = {}
        for line in self.items:
            sums[line.item] = sums.get(line.item, 0) + line.quantity
        return sums


class SendShipmentBody(TrackingBody):
    """A shipment leaves. What is left out stays as it was when it was packed."""

    unsettled: bool = Field(False, description=UNSETTLED)
    version: int | None = Field(None, ge=0, description=_VERSION)


class DeliverShipmentBody(StrictBody):
    """A shipment arrived."""

    version: int | None = Field(None, ge=0, description=_VERSION)


class CancelShipmentBody(StrictBody):
    """A shipment is unpacked."""

    reason: str = Field("", max_length=200)
    version: int | None = Field(None, ge=0, description=_VERSION)
