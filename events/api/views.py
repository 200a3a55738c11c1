"""The feed of events over HTTP, for staff and their keys."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from events.api.bodies import FeedQuery, parse_query
from events.api.representations import FeedSerializer
from events.feed.reading import Page, last_position, read_events
from events.models.event import Event
from shared.api.permissions import IsStaff, Needed
from shared.api.schema import problems
from shared.api.viewsets import Resource
from users.models.api_key import Scope

_AFTER = OpenApiParameter(
    "after", OpenApiTypes.STR, description="Events behind this position; `latest`: none, only where the feed is now."
)


class EventViewSet(Resource):
    """Every change as one event, once it has committed, exactly once, and of each record in order.

    Ask again with `next_after`. Whoever stays away for longer than events are kept gets 410, and reads everything anew.
    """

    http_method_names = ["get", "head"]
    queryset = Event.objects.none()
    serializer_class = FeedSerializer
    pagination_class = None
    filter_backends = ()
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.EVENTS_READ}

    @extend_schema(
        summary="Events, oldest first",
        parameters=[_AFTER, FeedQuery],
        responses={200: FeedSerializer, **problems(410)},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        query = parse_query(request.query_params)
        if query["latest"]:
            page = Page([], next_after=last_position(), caught_up=True)
        else:
            page = read_events(
                request.user,
                after=query.get("after"),
                types=query.get("types"),
                aggregate_id=query.get("aggregate"),
                limit=query["limit"],
            )
        return Response(FeedSerializer(page).data)
