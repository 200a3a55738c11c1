"""Lists of the newest rows of several owners."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from shared.admin.search import MAX_MATCHES, is_complete
from shared.planner.lookups import filter_by_keys, one_of
from shared.planner.newest import newest_of_each


def only_newest(rows: QuerySet, field: str, owners: Sequence[Any], order: str, where: str | None) -> QuerySet:
    """Those of `rows` that newest_of_each names. All that the owners have for a file, and where something else chooses
    among them; then `where` is None."""
    if where is None or is_complete():
        return rows.filter(one_of(field, owners))
    return filter_by_keys(rows, "pk", newest_of_each(rows.model, field, owners, order, where, MAX_MATCHES + 1))
