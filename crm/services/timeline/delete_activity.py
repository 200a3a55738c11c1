"""Delete an entry of the timeline."""

from uuid import UUID

from crm.models.activity import Activity
from shared.database.write_row import delete_row


def delete_activity(*, activity_id: UUID) -> None:
    """Delete what somebody wrote down. Raises NotFound."""
    delete_row(Activity, key=activity_id)
