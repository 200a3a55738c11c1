"""Customers made and changed by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InvalidInput, Key, RequestRefused, made, perform
from users.graphql.people import CustomerInput, CustomerNode

CREATE = Door("customer-list", "POST")
UPDATE = Door("customer-detail", "PATCH", has_row=True)


@strawberry.type(description="The customer as it now is.")
class CustomerSaved:
    customer: CustomerNode
    replayed: bool = strawberry.field(description="The key had done it before.")


CustomerResult = Annotated[CustomerSaved | InvalidInput | RequestRefused, strawberry.union("CustomerResult")]


def _create(info: Info, input: CustomerInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, CREATE, input, key=idempotency_key)
    return refusal or made(CustomerSaved, customer=row, replayed=replayed)


def _update(info: Info, id: strawberry.ID, input: CustomerInput) -> Any:
    row, replayed, refusal = perform(info, UPDATE, input, pk=id)
    return refusal or made(CustomerSaved, customer=row, replayed=replayed)


@strawberry.type
class PeopleMutation:
    create_customer: CustomerResult | None = strawberry.mutation(
        resolver=_create, description="As POST /customers.", metadata={DOOR: CREATE}
    )
    update_customer: CustomerResult | None = strawberry.mutation(
        resolver=_update, description="As PATCH /customers/{id}.", metadata={DOOR: UPDATE}
    )
