"""Ask the worker to look a segment's members up."""

from uuid import UUID

from shared.background.enqueue import enqueue

REFRESH_JOB = "crm.refresh_segment"


def ask_for_refresh(*, segment_id: UUID) -> None:
    """Have a job look the members up as soon as the transaction commits."""
    enqueue(REFRESH_JOB, segment_id=str(segment_id))
