"""Look up anew who belongs to each segment."""

from crm.models.segment import Segment
from crm.services.segments.refresh_segment import refresh_segment


def refresh_segments() -> int:
    """Refresh all segments, one after the other, those that waited longest first; return how many were."""
    keys = Segment.objects.order_by("refreshed_at", "id").values_list("pk", flat=True)
    return sum(refresh_segment(segment_id=key) is not None for key in list(keys))
