"""The schema: what the apps put in it."""

import strawberry

from catalog.graphql.goods import GoodsQuery
from crm.graphql.changes import SalesMutation
from crm.graphql.sales import SalesQuery
from crm.graphql.timeline import TimelineMutation, TimelineQuery
from events.graphql.feed import FeedQuery
from inventory.graphql.changes import StockMutation
from inventory.graphql.stock import StockQuery
from orders.graphql.changes import OrdersMutation
from orders.graphql.draft_changes import DraftsMutation
from orders.graphql.drafts import DraftsQuery
from orders.graphql.orders import OrdersQuery
from shared.graphql.execution import prepare_schema
from users.graphql.changes import PeopleMutation
from users.graphql.people import PeopleQuery


@strawberry.type(description="What can be read. Every list is a connection: `first` up to 100, `after` a cursor.")
class Query(GoodsQuery, StockQuery, PeopleQuery, OrdersQuery, DraftsQuery, SalesQuery, TimelineQuery, FeedQuery):
    pass


@strawberry.type(description="What can be changed, one field in a request. Refusals are members of the answer.")
class Mutation(OrdersMutation, DraftsMutation, StockMutation, PeopleMutation, SalesMutation, TimelineMutation):
    pass


schema = strawberry.Schema(query=Query, mutation=Mutation)
compiled = prepare_schema(schema._schema)
