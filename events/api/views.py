"""The feed of events over HTTP, for staff and their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.tokens import Token

from events.api.bodies import FeedQuery, parse_query
from events.api.representations import FeedSerializer, TicketSerializer
from events.api.rights import OfWhoReadsEvents
from events.feed.reading import Page, last_position, read_events
from events.services.stream_tickets import Issued, issue_ticket, ticket_of
from shared.api.principal import key_of, user_id_of
from shared.api.schema import problems
from shared.api.viewsets import Resource
from users.api.tokens import family_of

_AFTER = OpenApiParameter(
    "after", OpenApiTypes.STR, description="Events behind this position; `latest`: none, only where the feed is now."
)


class EventViewSet(OfWhoReadsEvents, Resource):
    """Every change as one event, once it has committed, exactly once, and of each record in order.

    Ask again with `next_after`. Whoever stays away for longer than events are kept gets 410, and reads everything anew.
    """

    http_method_names = ["get", "head"]
    serializer_class = FeedSerializer
    pagination_class = None
    filter_backends = ()

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


class StreamTicketViewSet(OfWhoReadsEvents, Resource):
    """For browsers: their EventSource and WebSocket cannot send an Authorization header."""

    http_method_names = ["post"]
    serializer_class = TicketSerializer

    @extend_schema(
        summary="Open one live stream",
        request=None,
        responses={201: TicketSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A ticket for `GET <url>/events?ticket=…` or `<url>/ws?ticket=…`: good for 60 seconds, once. The stream it
        opens lasts no longer than the sign-in that asked for it. Asked again under the same Idempotency-Key: the same
        ticket, of the sign-in that asked first, though it may be used or over by then."""
        issued = _issue_to(request)
        self.made = (str(issued.id), issued.expires_at.isoformat())
        return _answer_with(request, issued.ticket, issued.expires_at)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        ticket_id, expires_at = made
        return _answer_with(request, ticket_of(UUID(ticket_id)), datetime.fromisoformat(expires_at))


def _answer_with(request: Request, ticket: str, expires_at: datetime) -> Response:
    body = TicketSerializer({"ticket": ticket, "expires_at": expires_at, "url": _live_url(request)})
    return Response(body.data, 201, headers={"Cache-Control": "no-store"})


def _issue_to(request: Request) -> Issued:
    key, token = key_of(request), request.auth
    return issue_ticket(
        user_id=user_id_of(request),
        api_key_id=key.id if key else None,
        family=family_of(token) if isinstance(token, Token) else None,
        session_key=(request._request.session.session_key or "") if token is None else "",
    )


def _live_url(request: Request) -> str:
    """Where the live process is reached: LIVE_URL, or LIVE_PORT of the host that was asked."""
    if settings.LIVE_URL:
        return f"{settings.LIVE_URL.rstrip('/')}/live"
    host = request.get_host()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return f"{request.scheme}://{name}:{settings.LIVE_PORT}/live"
