"""Delete a segment."""

from uuid import UUID

from django.utils.translation import gettext

from crm.models.segment import Segment
from shared.errors import NotFound


def delete_segment(*, segment_id: UUID) -> None:
    """Delete the segment; its members stay customers. Raises NotFound."""
    if not Segment.objects.filter(pk=segment_id).delete()[0]:
        raise NotFound(gettext("There is no such segment."))
