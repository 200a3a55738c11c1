"""How many rows one change may be of, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext

from shared.errors import InvalidInput

MAX_ROWS = 1_000


@dataclass(slots=True)
class BulkResult:
    """How many rows were changed and how many were so already; of the rest, `refused` says each time why not."""

    changed: int = 0
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def check_many(ids: Sequence[UUID]) -> None:
    """Raises InvalidInput for more rows than are changed at once."""
    if len(ids) > MAX_ROWS:
        raise InvalidInput(("/ids", "too_many", gettext("At most %(limit)s at once.") % {"limit": f"{MAX_ROWS:,}"}))
