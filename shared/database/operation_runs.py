"""Writing down that an audit or a backup has ended."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shared.clock import database_now
from shared.models.operation_run import OperationKind, OperationRun

# A daily one's year; what is older nobody asks for.
KEPT_OF_A_KIND = 400


@transaction.atomic
def record_run(
    kind: OperationKind, *, began_at: datetime, has_succeeded: bool, data: dict[str, Any] | None = None
) -> OperationRun:
    """Write the run down as ended now, by the database's clock, and forget all but the last KEPT_OF_A_KIND of its kind.
    Raises DatabaseError where nothing can be written."""
    run = OperationRun.objects.create(
        kind=kind, began_at=began_at, ended_at=database_now(), has_succeeded=has_succeeded, data=data or {}
    )
    of_kind = OperationRun.objects.filter(kind=kind)
    newest = of_kind.order_by("-ended_at", "-id").values("pk")[:KEPT_OF_A_KIND]
    of_kind.exclude(pk__in=newest).delete()
    return run
