"""What POST /orders is sent, as the service takes it; or all that is wrong with it, in one refusal."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from rest_framework.request import Request

from orders.api.orders.bodies import (
    OrderAddressBody,
    PlaceOrderBody,
    SoundPartsBody,
    check_destination,
    checked_address,
)
from orders.placing.faults import CustomerNotFound, faults_of, no_customer
from orders.placing.requested_lines import PlaceOrder
from shared.api.bodies import parse_body
from shared.api.idempotency import HEADER, require_idempotency_key
from shared.api.principal import customer_id_of, is_staff
from shared.errors import Faults, InvalidInput, Refusal, in_one
from shared.metrics.tracing import traced
from shared.values.metadata import change_metadata

_ADDRESSES = ("delivery_address", "billing_address")
_NOBODY = UUID(int=0)
_Place = tuple[int | str, ...]


def _read_key(request: Request) -> str | None:
    return require_idempotency_key(request.headers.get(HEADER))


@traced("order.read")
def read_order(request: Request, *, takes_key: bool = True) -> tuple[str | None, PlaceOrder]:
    """The key, if one is taken, and what is to be placed. Raises InvalidInput or CustomerNotFound, naming every
    fault."""
    data = request.data  # what is no JSON has no parts to look at
    try:
        key = _read_key(request) if takes_key else None
        body = parse_body(PlaceOrderBody, data)
        return key, body.to_request(_customer_for(request, body.customer))
    except Refusal as first:
        raise _all_faults(request, takes_key=takes_key) or first from None


def _all_faults(request: Request, *, takes_key: bool) -> Refusal | None:
    """Of a request that was refused, looked at anew and part by part: a good one pays nothing for it. Asks the books,
    too (orders.placing.faults)."""
    faults = Faults()
    if takes_key:
        faults.gather(_read_key, request)
    faults.gather(parse_body, PlaceOrderBody, request.data)
    if isinstance(request.data, dict):
        _gather_from_parts(request, request.data, faults)
    return in_one(faults.refusals) if faults.refusals else None


def _gather_from_parts(request: Request, data: dict[str, Any], faults: Faults) -> None:
    wrong = set(_places_at_fault(data))
    lines = dict(_sound_lines(data.get("items"), wrong))
    # Of what was sent, not of each fault of it: a body of nothing but unknown names is as long as a good one.
    members_at_fault = {place[0] for place in wrong}
    named = {name: value for name, value in data.items() if name not in members_at_fault}
    body = SoundPartsBody.model_validate({**named, "items": list(lines.values())})
    customer_id = None if ("customer",) in wrong else faults.gather(_customer_for, request, body.customer)
    for name in _ADDRESSES:
        faults.gather(_check_parts_of_address, data.get(name), name, wrong)
    faults.gather(check_destination, body.ship_to_country, body.delivery_address)
    faults.gather(change_metadata, {}, body.metadata or {})
    # What was just looked at is left out: it would be refused once more.
    country = body.ship_to_country or (body.delivery_address and body.delivery_address.country)
    looked_at = {"ship_to_country": country, "delivery_address": None, "billing_address": None, "metadata": None}
    wanted = body.model_copy(update=looked_at)
    if not is_staff(request) and customer_id_of(request) is None:
        return  # who is no customer is told of the form alone
    others = faults_of(wanted.to_request(customer_id or _NOBODY), as_customer=not is_staff(request), places=list(lines))
    faults.refusals += [other for other in others if customer_id or not isinstance(other, CustomerNotFound)]


def _places_at_fault(data: dict[str, Any]) -> Iterator[_Place]:
    try:
        PlaceOrderBody.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            yield fault["loc"]


def _sound_lines(items: Any, wrong: set[_Place]) -> Iterator[tuple[int, dict[str, Any]]]:
    """By their place, those that name a variant. The least that a faulty quantity can have meant is 1."""
    if not isinstance(items, list) or ("items",) in wrong:
        return
    for index, line in enumerate(items):
        at = ("items", index)
        if isinstance(line, dict) and "variant" in line and at not in wrong and (*at, "variant") not in wrong:
            sound = {name: value for name, value in line.items() if (*at, name) not in wrong}
            yield index, {"quantity": 1, **sound}


def _check_parts_of_address(sent: Any, name: str, wrong: set[_Place]) -> None:
    """Raises InvalidInput for what its country does not take, as far as the address can be read."""
    if not isinstance(sent, dict) or (name, "country") in wrong:
        return
    at_fault = {place[1] for place in wrong if place[0] == name and len(place) > 1}
    sound = {field: value for field, value in sent.items() if field not in at_fault}
    try:
        checked_address(OrderAddressBody.model_validate(sound), f"/{name}")
    except InvalidInput as refusal:
        # A part that cannot be read is missing from the rest, and would be asked for.
        named = {f"/{name}/{field}" for field in sent if field not in sound}
        errors = [error for error in refusal.data["errors"] if error["pointer"] not in named]
        if errors:
            raise InvalidInput(*((e["pointer"], e["code"], e["detail"]) for e in errors)) from None


def _customer_for(request: Request, customer_id: UUID | None) -> UUID:
    """Whom the order is for: staff and keys name anyone, a customer's login is itself."""
    own = customer_id_of(request)
    if is_staff(request):
        if customer_id is None:
            raise InvalidInput(("/customer", "required", "Name the customer that buys."))
        return customer_id
    if own is None or customer_id not in (None, own):
        raise no_customer(customer_id or "")
    return own
