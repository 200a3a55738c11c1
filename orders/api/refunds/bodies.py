"""What the routes of refunds and returns accept."""

from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext
from pydantic import Field

from orders.incoming_payments.amounts import ZERO
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.refunds.plans import RefundRequest, RequestedLine
from shared.api.bodies import PLAIN, Amount, Id, StrictBody
from shared.errors import InvalidInput

_Units = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
_Version = Annotated[int | None, Field(ge=0, description="The version you read; a stale one is refused with 412.")]


class RefundLineBody(StrictBody):
    """Units of one line. Those that have not left are called off first."""

    item: Id
    quantity: _Units
    restock: bool = Field(True, description="Whether units called off go back on the shelf.")


class RefundOrderBody(StrictBody):
    """Lines, with or without the shipping, less a fee; or, alone, a free amount."""

    items: list[RefundLineBody] = Field(default_factory=list, max_length=MAX_LINES)
    amount: Annotated[Amount, Field(gt=0), PLAIN] | None = Field(
        None, description="A free amount: alone, without lines."
    )
    shipping: bool = Field(False, description="Give back what is left of the shipping, too.")
    restocking_fee: Annotated[Amount, Field(ge=0), PLAIN] = Field(ZERO, description="Taken off what goes back.")
    reason: str = Field(min_length=1, max_length=200)
    version: _Version = None

    def to_refund_request(self) -> RefundRequest:
        """As the service takes it."""
        lines = tuple(RequestedLine(line.item, line.quantity, line.restock) for line in self.items)
        return RefundRequest(lines, self.amount, self.shipping, self.restocking_fee)


class CancelPaidOrderBody(StrictBody):
    """Why a paid order is cancelled."""

    # The two that somebody can mean; the third, the payment timeout, is the clock's.
    reason: Literal["customer", "staff"] = Field(description="Who wanted it.")
    note: str = Field("", max_length=200)
    # Said in words by whoever sends it: cancelling a paid order without giving back is no choice.
    refund: Literal[True] = Field(True, description="What was paid goes back.")
    restocking_fee: Annotated[Amount, Field(ge=0), PLAIN] = Field(ZERO, description="Taken off what goes back.")
    version: _Version = None


class SettleRefundBody(StrictBody):
    """It was paid out by hand."""

    reference: str = Field("", max_length=255, description="The bank's name for the transfer.")


# Empty, and still parsed: a member that means something else must not be passed over in silence.
class RetryRefundBody(StrictBody):
    """The provider is asked once more."""


class ReturnLineBody(StrictBody):
    """Units of one line."""

    item: Id
    quantity: _Units


class RequestReturnBody(StrictBody):
    """What comes back, and why."""

    items: list[ReturnLineBody] = Field(min_length=1, max_length=MAX_LINES)
    reason: str = Field(min_length=1, max_length=200)
    version: _Version = None


class ApproveReturnBody(StrictBody):
    answer: str = Field("", max_length=200, description="What the customer is told.")
    version: _Version = None


class RejectReturnBody(StrictBody):
    # A no is explained, unlike a yes.
    answer: str = Field(min_length=1, max_length=200, description="What the customer is told.")
    version: _Version = None


class ReceivedLineBody(StrictBody):
    """What came of one line."""

    item: Id = Field(description="The order's line.")
    received: int = Field(ge=0, le=MAX_QUANTITY)
    restocked: int | None = Field(None, ge=0, le=MAX_QUANTITY, description="Unset: all that came can be sold again.")


class ReceiveReturnBody(StrictBody):
    """Without `items` everything came in a good state; a line that is not named did not come."""

    # No list and an empty list are two things: all came, or nothing did.
    items: list[ReceivedLineBody] | None = Field(None, max_length=MAX_LINES)
    location: Id | None = Field(None, description="Of the seller's; unset, each goes where it was sold from.")
    note: str = Field("", max_length=200)
    version: _Version = None

    def units(self) -> dict[UUID, tuple[int, int]] | None:
        """Received and restocked units by line, as the service takes them. Raises InvalidInput for a line that is named
        twice."""
        if self.items is None:
            return None
        # By line the second would take the first one's place, and what came of that would be counted nowhere.
        if len({line.item for line in self.items}) < len(self.items):
            raise InvalidInput(("/items", "repeated", gettext("A line may be named once.")))
        return {
            line.item: (line.received, line.received if line.restocked is None else line.restocked)
            for line in self.items
        }


class RefundReturnBody(StrictBody):
    restocking_fee: Annotated[Amount, Field(ge=0), PLAIN] = Field(ZERO, description="Taken off what goes back.")
    shipping: bool = Field(False, description="Give back what is left of the shipping, too.")
    note: str = Field("", max_length=200)
    version: _Version = None


class WithdrawReturnBody(StrictBody):
    note: str = Field("", max_length=200)
    version: _Version = None
