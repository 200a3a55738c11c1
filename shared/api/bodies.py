"""Bodies of requests as strict Pydantic models: what they have in common (docs/decisions/order-bodies.md)."""

from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from shared.errors import MAX_FAULTS, InvalidInput
from shared.money.amounts import is_plain_decimal
from shared.text.json_pointer import step


def _check_plain_decimal(value: Any) -> Any:
    if isinstance(value, str) and not is_plain_decimal(value):
        raise ValueError("Write digits with a point, as in 12.50.")
    return value


Amount = Annotated[Decimal, Field(strict=False, max_digits=24, decimal_places=3)]
PLAIN = BeforeValidator(_check_plain_decimal)  # stands last in an Annotated: limits after it are not in the schema
Id = Annotated[UUID, Field(strict=False)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]  # whether there is such a one is asked apart


class StrictBody(BaseModel):
    """No unknown fields, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


Body = TypeVar("Body", bound=StrictBody)


def parse_body(kind: type[Body], data: Any) -> Body:
    """Check the decoded JSON. Raises InvalidInput naming every fault with its JSON pointer."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults = [(_pointer_to(fault["loc"]), str(fault["type"]), str(fault["msg"])) for fault in found[:MAX_FAULTS]]
        raise InvalidInput(*faults, more=len(found) - len(faults)) from None


def _pointer_to(location: tuple[int | str, ...]) -> str:
    """RFC 6901."""
    return "".join(f"/{step(place)}" for place in location)
