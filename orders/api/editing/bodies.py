"""What the routes accept that change an order before it is shipped."""

from typing import Annotated

from pydantic import Field, StringConstraints

from orders.editing.edit_requests import AddedLine, ChangedQuantity, EditRequest
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from shared.api.bodies import Id, StrictBody
from shared.errors import InvalidInput


class ExtendHoldBody(StrictBody):
    """Why the deadline is put off."""

    reason: str = Field("", max_length=200, description="Stays in the order's history.")
    version: int | None = Field(None, ge=0, description="The version you read; a stale one is refused with 412.")


class EditedLineBody(StrictBody):
    """Either a line of the order (`item`), or a new one (`variant`)."""

    item: Id | None = Field(None, description="A line of the order.")
    variant: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        None, description="Variant id or SKU of a new line."
    )
    # The new number of units and no difference: sent twice it comes to the same.
    quantity: int = Field(ge=0, le=MAX_QUANTITY, description="0 drops the line.")
    seller: Id | None = Field(None, description="Of a new line; unset: the order's.")


class PreviewEditBody(StrictBody):
    """What is to be changed."""

    lines: list[EditedLineBody] = Field(min_length=1, max_length=MAX_LINES)
    version: int | None = Field(None, ge=0, description="The version you read; a stale one is refused with 412.")

    def to_edit_request(self) -> EditRequest:
        """As the service takes it. Raises InvalidInput for lines that are neither the order's nor new."""
        faults = [
            (f"/lines/{place}", "one_of", "Name either an item or a variant; only a variant may have a seller.")
            for place, line in enumerate(self.lines)
            # All of them at once, each with its place, as a validator of one line could not say together.
            if (line.item is None) == (line.variant is None) or (line.item and line.seller)
        ]
        if faults:
            raise InvalidInput(*faults)
        changes, additions = [], []
        for place, line in enumerate(self.lines):
            if line.item is not None:
                changes.append(ChangedQuantity(place, line.item, line.quantity))
            else:
                additions.append(AddedLine(place, line.variant or "", line.quantity, line.seller))
        return EditRequest(tuple(changes), tuple(additions))


class EditOrderBody(PreviewEditBody):
    """The changes of an order's lines, and why they are made."""

    reason: str = Field(min_length=1, max_length=200, description="Stays in the order's history.")
