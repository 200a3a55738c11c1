"""What the routes of invoices accept."""

from pydantic import Field

from shared.api.bodies import Id, StrictBody


class IssueInvoiceBody(StrictBody):
    """A document to issue: the order's invoice, or the credit note of a refund."""

    refund: Id | None = Field(None, description="The refund to credit; unset: the invoice.")
    version: int | None = Field(None, ge=0, description="Of the order; a stale one is refused with 412.")
