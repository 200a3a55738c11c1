"""Delete a lead."""

from uuid import UUID

from crm.models.lead import Lead
from shared.database.write_row import delete_row


def delete_lead(*, lead_id: UUID) -> None:
    """Delete a lead; its timeline and tasks go along. Raises NotFound."""
    delete_row(Lead, key=lead_id)
