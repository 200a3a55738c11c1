"""Whether a job that should work on an import seems dead."""

from datetime import timedelta

from exchange.models.data_import import Import
from shared.clock import database_now

_STUCK_AFTER = timedelta(minutes=3)


def is_stuck(data_import: Import) -> bool:
    """Whether it is under way but has not moved for minutes."""
    return data_import.is_under_way and database_now() - data_import.updated_at > _STUCK_AFTER
