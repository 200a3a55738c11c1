"""Values of columns as a merge keeps them."""

import json
from typing import Any
from uuid import UUID


def as_json(value: Any) -> Any:
    """A column's value as MergedRow keeps it."""
    return str(value) if isinstance(value, UUID) else value


def is_same(one: Any, other: Any) -> bool:
    """Whether both are stored as the same JSON. To Python true is 1 and 1 is 1.0; who undoes a merge wants back what
    was there."""
    return _as_stored(one) == _as_stored(other)


def _as_stored(value: Any) -> str:
    return json.dumps(as_json(value), sort_keys=True)
