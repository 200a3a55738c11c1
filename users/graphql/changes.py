"""Customers made and changed by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InvalidInput, Key, RequestRefused, made, perform
from shared.graphql.scalars import JSONValue
from users.graphql.people import CustomerNode

CREATE = Door("customer-list", "POST")
UPDATE = Door("customer-detail", "PATCH", has_row=True)


@strawberry.input(description="As the body of POST and PATCH /customers; what is left out stays as it is.")
class CustomerInput:
    name: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    address: str | None = strawberry.UNSET
    addresses: JSONValue | None = strawberry.UNSET
    language: str | None = strawberry.UNSET
    country: str | None = strawberry.UNSET
    company: strawberry.ID | None = strawberry.UNSET
    group: strawberry.ID | None = strawberry.UNSET
    user: strawberry.ID | None = strawberry.UNSET
    owner: strawberry.ID | None = strawberry.UNSET
    tags: list[str] | None = strawberry.UNSET
    custom_fields: JSONValue | None = strawberry.UNSET
    metadata: JSONValue | None = strawberry.UNSET


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
