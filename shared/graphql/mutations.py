"""What changes something: REST's own route does it, and says what came of it."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from shared.graphql.doors import Door
from shared.graphql.problems import Answered
from shared.graphql.rows import Level, Row
from shared.graphql.scalars import JSONValue

Key = Annotated[
    str | None,
    strawberry.argument(
        description="A name of yours for this request: sent again under it, the request changes nothing more and "
        "answers with what it made. As the header Idempotency-Key in REST."
    ),
]
Version = Annotated[
    int | None, strawberry.argument(description="The version that was read; a stale one is refused: `stale_version`.")
]


@strawberry.interface(description="Why nothing was changed.")
class Refusal:
    code: str = strawberry.field(description="The problem's code, as in REST.")
    message: str


@strawberry.type(description="One fault of the input.")
class Fault:
    pointer: str
    code: str
    detail: str


@strawberry.type(description="Input that no rule accepts, every fault named.")
class InvalidInput(Refusal):
    errors: list[Fault]


@strawberry.type(description="Units that are not there.")
class Shortage:
    variant: strawberry.ID
    sku: str
    requested: int
    available: int


@strawberry.type(description="Less is in stock than was asked for; every short line at once.")
class InsufficientStock(Refusal):
    shortages: list[Shortage]


@strawberry.type(description="Any other refusal.")
class RequestRefused(Refusal):
    details: JSONValue = strawberry.field(description="What else REST's problem says of it, by name.")


_STANDARD = {"type", "title", "status", "detail", "instance", "code"}
# These are no answers of the service: who asks may not, or nobody can be served now.
_RAISED = {401, 403}


def perform(
    info: Info,
    door: Door,
    body: Any = None,
    *,
    pk: Any = None,
    key: str | None = None,
    version: int | None = None,
    extra: Mapping[str, Any] | None = None,
) -> tuple[Row | None, bool, Any]:
    """What the route answers: the record as it then is and whether the key had made it before, or why not.

    Raises Answered for what is no refusal of the service's.
    """
    sent = None if body is None and extra is None else {**as_body(body or {}), **(extra or {})}
    response = door.perform(info.context, sent, pk=None if pk is None else _checked(pk), key=key, version=version)
    if response.status_code < 400:
        row = Level([response.data]).rows[0]
        row.record = None  # what hangs on it was answered with it, or is read
        return row, response.get("Idempotent-Replayed") == "true", None
    return None, False, _refusal(response.status_code, response.data, dict(response.headers))


def made(kind: Any, **members: Any) -> Any:
    """An answer or refusal of this kind."""
    return kind(**members)


def _refusal(status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
    if status in _RAISED or status >= 500:
        raise Answered(problem, headers)
    code, message = problem["code"], problem["detail"]
    if "shortages" in problem:
        short = [made(Shortage, **each) for each in problem["shortages"]]
        return made(InsufficientStock, code=code, message=message, shortages=short)
    if "errors" in problem:
        faults = [made(Fault, **each) for each in problem["errors"]]
        return made(InvalidInput, code=code, message=message, errors=faults)
    details = {name: value for name, value in problem.items() if name not in _STANDARD}
    return made(RequestRefused, code=code, message=message, details=details)


def _checked(pk: Any) -> str:
    """An id of a route is a UUID; what is none leads to no row."""
    try:
        return str(UUID(str(pk)))
    except ValueError:
        return "ffffffff-ffff-7fff-8fff-ffffffffffff"


def as_body(value: Any) -> Any:
    """As REST takes it: fields that were not given are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        given = {each.name: getattr(value, each.name) for each in fields_of(value)}
        return {name: as_body(inner) for name, inner in given.items() if inner is not strawberry.UNSET}
    if isinstance(value, list):
        return [as_body(inner) for inner in value]
    return value
