"""Delete a deal."""

from uuid import UUID

from crm.models.deal import Deal
from shared.database.write_row import delete_row


def delete_deal(*, deal_id: UUID) -> None:
    """Delete a deal; its lines, stages and tasks go along. Raises NotFound."""
    delete_row(Deal, key=deal_id)
