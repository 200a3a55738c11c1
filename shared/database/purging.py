"""Deleting much, a little at a time."""

from typing import Any

from django.db.models import QuerySet


def delete_in_batches(rows: QuerySet[Any], *, batch_size: int = 1000) -> int:
    """Delete all rows of the queryset; return how many. Each batch commits by itself when called outside a
    transaction, so that no lock is held for long and an interrupted purge keeps what it did."""
    deleted = 0
    while batch := list(rows.order_by().values_list("pk", flat=True)[:batch_size]):
        rows.model._default_manager.filter(pk__in=batch).delete()
        deleted += len(batch)
    return deleted
