"""Jobs of the CRM; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from uuid import UUID

from crm.services import refresh_segments as segments


def refresh_segments(timestamp: int | None = None) -> int:
    return segments.refresh_segments()


def refresh_segment(segment_id: str) -> None:
    """Asked for when a segment's rule changes (crm.services.save_segment)."""
    segments.refresh_segment(segment_id=UUID(segment_id))
