"""Who reads the feed, at once or live."""

from typing import Any, ClassVar

from events.models.event import Event
from shared.api.permissions import IsStaff, Needed
from users.models.api_key import Scope


class OfWhoReadsEvents:
    """Staff who may see events, and their keys with the scope. Which events, the feed itself decides."""

    queryset: Any = Event.objects.none()
    permission_classes: Any = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.EVENTS_READ, "create": Scope.EVENTS_READ}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": "events.view_event"}
