"""Forget how to undo what cannot be undone any more."""

from datetime import datetime

from django.db import transaction

from crm.merging import sql as merge_sql
from crm.models.customer_merge import CustomerMerge
from crm.services.merging.undo_merge import UNDO_FOR
from shared.clock import database_now


def forget_merges(*, now: datetime | None = None) -> int:
    """Delete the written-down rows and names of merges older than UNDO_FOR; return how many merges. The headers stay,
    so that an old link finds the kept customer. Each merge commits by itself. Locks: the merge."""
    moment = now or database_now()
    old = CustomerMerge.objects.filter(undone_at=None, forgotten_at=None, merged_at__lt=moment - UNDO_FOR)
    forgotten = 0
    for merge_id in list(old.order_by("merged_at").values_list("pk", flat=True)):
        with transaction.atomic():
            merge = CustomerMerge.objects.select_for_update(of=("self",), no_key=True).filter(pk=merge_id).first()
            # Asked once more under the lock: it may have been undone since the list was read.
            if merge is None or merge.undone_at is not None or merge.forgotten_at is not None:
                continue
            merge_sql.forget_rows(merge.pk)
            merge.duplicate_name, merge.forgotten_at = "", moment
            merge.save(update_fields=["duplicate_name", "forgotten_at"])
            forgotten += 1
    return forgotten
