"""What the routes of drafts and quotes accept."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from orders.models.draft import DraftKind
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.services.drafts.write_draft import DraftedLine
from shared.api.bodies import PLAIN, Amount, CurrencyCode, Id, StrictBody
from shared.money.currencies import known_currency

_KnownCurrency = Annotated[CurrencyCode, AfterValidator(known_currency)]
# JSON has no dates: strict bodies would take none.
_Day = Annotated[date, Field(strict=False)]
_Version = Annotated[int | None, Field(ge=0, description="The version you read; a stale one is refused with 412.")]


class DraftLineBody(StrictBody):
    """One line; without an agreed price it costs what it costs on the day it is ordered."""

    variant: Id
    quantity: int = Field(ge=1, le=MAX_QUANTITY)
    seller: Id | None = None
    agreed_price: Annotated[Amount, Field(ge=0, max_digits=15), PLAIN] | None = Field(
        None, description="Of one unit, instead of the catalogue's."
    )

    def to_line(self) -> DraftedLine:
        return DraftedLine(self.variant, self.quantity, self.seller, self.agreed_price)


class NewDraftBody(StrictBody):
    """A draft or quote for a customer."""

    kind: Annotated[DraftKind, Field(strict=False)] = DraftKind.DRAFT
    customer: Id
    currency: _KnownCurrency | None = Field(None, description="Unset: the shop's.")
    # A draft may begin empty; only ordering it needs a line.
    lines: list[DraftLineBody] = Field(default_factory=list, max_length=MAX_LINES)
    note: str = Field("", max_length=10_000)
    valid_until: _Day | None = Field(None, description="The last day, by the shop's, on which it can become an order.")


class ChangeDraftBody(StrictBody):
    """What is named changes; `lines` are then all lines."""

    lines: list[DraftLineBody] | None = Field(None, max_length=MAX_LINES)
    note: str | None = Field(None, max_length=10_000)
    valid_until: _Day | None = None
    version: _Version = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent."""
        # null takes the last day away, and of a note it says nothing: a note that is taken away is an empty one.
        sent = {name: getattr(self, name) for name in ("note", "valid_until") if name in self.model_fields_set}
        return {name: value for name, value in sent.items() if name != "note" or value is not None}


class DecideDraftBody(StrictBody):
    version: _Version = None
