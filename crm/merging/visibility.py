"""Whose pairs and merges a colleague sees: merging changes two customers, so both must be theirs to change."""

from typing import Any

from django.db.models import QuerySet

from crm.models.customer_merge import CustomerMerge, MergedRow, MergedRowKind
from crm.models.duplicate_pair import DuplicatePair
from users.access.ownership import check_may_change, record_access_of, visible_to
from users.models.customer import Customer
from users.models.role import AccessLevel


def pairs_seen_by(user: Any, pairs: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
    """Those of two customers that the user sees."""
    if record_access_of(user).sees == AccessLevel.ALL:
        return pairs
    seen = visible_to(user, Customer.objects.all()).values("pk")
    return pairs.filter(first__in=seen, second__in=seen)


def merges_seen_by(user: Any, merges: QuerySet[CustomerMerge]) -> QuerySet[CustomerMerge]:
    """Those whose kept customer the user sees."""
    if record_access_of(user).sees == AccessLevel.ALL:
        return merges
    return merges.filter(kept__in=visible_to(user, Customer.objects.all()).values("pk"))


def check_may_undo(user: Any, merge: CustomerMerge) -> None:
    """Undoing changes the kept customer and brings another back, to whom it belonged. Raises PermissionDenied."""
    dropped = MergedRow.objects.filter(merge=merge, kind=MergedRowKind.DROPPED, table_name=Customer._meta.db_table)
    rows = dropped.values_list("whole_row", flat=True)
    back = [Customer(pk=merge.duplicate_id, owner_id=(row or {}).get("owner_id")) for row in rows]
    check_may_change(user, merge.kept, *back)
