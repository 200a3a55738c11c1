"""Values of columns as a merge keeps them."""

from typing import Any
from uuid import UUID


def as_json(value: Any) -> Any:
    """A column's value as MergedRow keeps it."""
    return str(value) if isinstance(value, UUID) else value
