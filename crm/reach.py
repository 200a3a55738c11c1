"""Whose customers a colleague reads about, merges, parts and calls two: merging changes both, so both must be theirs
to change."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from crm.models.customer_merge import CustomerMerge, MergedRow, MergedRowKind
from crm.models.deal import Deal
from crm.models.duplicate_pair import DuplicatePair
from crm.models.lead import Lead
from users.models.customer import Customer
from users.models.role import Reach
from users.ownership import check_may_change, reaches_of, visible_to

# What a row may be about, by the name of the value that points at it.
LINKED: dict[str, type[Model]] = {"customer_id": Customer, "lead_id": Lead, "deal_id": Deal}


def about_visible(user: Any, rows: QuerySet[Any], *links: str) -> QuerySet[Any]:
    """Rows about customers, leads or deals (`links` names the fields) that the user sees."""
    if reaches_of(user).sees == Reach.ALL:
        return rows
    seen = Q()
    for link in links:
        seen |= Q(**{f"{link}__in": visible_to(user, LINKED[f"{link}_id"]._default_manager.all()).values("pk")})
    return rows.filter(seen)


def pairs_seen_by(user: Any, pairs: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
    """Those of two customers that the user sees."""
    if reaches_of(user).sees == Reach.ALL:
        return pairs
    seen = visible_to(user, Customer.objects.all()).values("pk")
    return pairs.filter(first__in=seen, second__in=seen)


def merges_seen_by(user: Any, merges: QuerySet[CustomerMerge]) -> QuerySet[CustomerMerge]:
    """Those whose kept customer the user sees."""
    if reaches_of(user).sees == Reach.ALL:
        return merges
    return merges.filter(kept__in=visible_to(user, Customer.objects.all()).values("pk"))


def check_may_undo(user: Any, merge: CustomerMerge) -> None:
    """Undoing changes the kept customer and brings another back, to whom it belonged. Raises PermissionDenied."""
    dropped = MergedRow.objects.filter(merge=merge, kind=MergedRowKind.DROPPED, table_name=Customer._meta.db_table)
    rows = dropped.values_list("whole_row", flat=True)
    back = [Customer(pk=merge.duplicate_id, owner_id=(row or {}).get("owner_id")) for row in rows]
    check_may_change(user, merge.kept, *back)
