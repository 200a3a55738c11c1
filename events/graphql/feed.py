"""The feed of events in GraphQL, for staff and their keys."""

from typing import Any

import strawberry
from strawberry.types import Info

from shared.graphql.connections import DEFAULT_FIRST, Edge, PageInfo, edge, page_info
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR, After, given
from shared.graphql.rows import Level, Row
from shared.graphql.scalars import BigInt, DateTime, JSONValue

FEED = Door("event-list")


@strawberry.type(name="Aggregate", description="The record that an event is about.")
class AggregateNode:
    type: str
    id: strawberry.ID


@strawberry.type(name="Event", description="One change. What it is about may have changed again since.")
class EventNode:
    id: strawberry.ID
    position: BigInt
    type: str
    aggregate: AggregateNode
    sequence: BigInt
    created_at: DateTime
    data: JSONValue
    url: str = strawberry.field(description="Where REST shows the record as it is now.")


@strawberry.type(name="EventConnection", description="Oldest first. Ask again with `pageInfo.endCursor`.")
class EventConnection:
    edges: list[Edge[EventNode]]
    nodes: list[EventNode]
    page_info: PageInfo
    caught_up: bool = strawberry.field(description="Nothing is behind it now.")


class FeedPage:
    """A page of the feed; an event's cursor is its position."""

    def __init__(self, shown: dict[str, Any]) -> None:
        self.nodes: list[Row] = Level(shown["events"]).rows
        self.caught_up: bool = shown["caught_up"]
        self.page_info = page_info(str(shown["next_after"]), has_next=not self.caught_up)

    @property
    def edges(self) -> list[Any]:
        return [edge(str(node["position"]), node) for node in self.nodes]


def _read_feed(
    info: Info,
    first: int = DEFAULT_FIRST,
    after: After = None,
    types: list[str] | None = strawberry.UNSET,
    aggregate: strawberry.ID | None = strawberry.UNSET,
) -> Any:
    asked = given(types=",".join(types) if isinstance(types, list) else types, aggregate=aggregate)
    view = FEED.open(info.context, limit=first, after=after, **asked)
    return FeedPage(view.list(view.request).data)


@strawberry.type
class FeedQuery:
    events: EventConnection | None = strawberry.field(
        resolver=_read_feed,
        description="Every change as one event, oldest first; `after`: a position, or `latest`.",
        metadata={DOOR: FEED},
    )
