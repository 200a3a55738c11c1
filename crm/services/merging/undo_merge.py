"""Part two customers that were merged."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.merging import sql as merge_sql
from crm.merging.as_json import is_same
from crm.merging.links import LINKS
from crm.models.customer_merge import CustomerMerge, MergedRow, MergedRowKind
from crm.services.merging.forget_rows import forget_rows
from crm.services.merging.merge_customers import MAX_SECONDS
from crm.services.merging.save_columns import save_columns
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import MERGE_UNDONE
from orders.services.upkeep.refresh_sales import refresh_customers
from shared.actor import Actor
from shared.clock import database_now
from shared.database.conflicts import ConcurrentUpdate
from shared.database.transactions import outermost_transaction, retry_transaction, take_time
from shared.errors import NotFound, Refusal
from users.models.customer import Customer

log = structlog.get_logger("kontor.crm")

UNDO_FOR = timedelta(days=30)
_REFERENCES = {"user_id", "company_id", "owner_id"}


class CannotUndo(Refusal):
    code = "merge_cannot_be_undone"
    title = _("The merge cannot be undone")
    members = {"merge?": UUID}


def undo_merge(*, merge_id: UUID, actor: Actor, now: datetime | None = None) -> CustomerMerge:
    """Bring the duplicate back, with all of its rows that still are the kept customer's, and the kept customer's
    earlier values where nobody has changed them since. docs/decisions/merging.md says what stays where it is.

    Undone twice: the second time changes nothing. Raises NotFound, or CannotUndo: after UNDO_FOR, when the kept
    customer was merged again since (undo that first), was erased, or a login acts for somebody else now.
    Commits its own transaction. Locks: the kept customer, the merge, what goes back, the row of the sums of sales.
    """

    def work(_again: bool) -> CustomerMerge:
        try:
            with outermost_transaction():
                return _undo_locked(merge_id, actor=actor, now=now)
        except IntegrityError as error:  # a parent of a row that comes back was deleted meanwhile
            raise ConcurrentUpdate(gettext("Something of these customers was changed meanwhile.")) from error

    merge = retry_transaction(work, name="undo_merge")
    log.info("merge_undone", merge=str(merge.pk), duplicate=str(merge.duplicate_id), actor=actor.label)
    return merge


def _undo_locked(merge_id: UUID, *, actor: Actor, now: datetime | None) -> CustomerMerge:
    kept, merge = _lock_merge(merge_id)
    if merge.undone_at is not None:
        return merge
    moment = now or database_now()
    _check_can_undo(kept, merge, moment)
    take_time(MAX_SECONDS)
    name = merge.duplicate_name
    _give_back(merge, kept)
    ids = {"merge_id": merge.pk, "kept_id": kept.pk, "duplicate_id": merge.duplicate_id}
    # The customer first: all that comes back points at it.
    if not merge_sql.restore(Customer, merge_id=merge.pk):
        raise CannotUndo(gettext("The duplicate's id or login is in use again."))
    for model in dict.fromkeys(link.model for link in LINKS):
        merge_sql.restore(model, merge_id=merge.pk)
    for link in LINKS:
        merge_sql.move_back(link, **ids)
        if link.along:
            merge_sql.go_along(link, **ids)
    refresh_customers(customer_ids=[kept.pk, merge.duplicate_id])
    forget_rows(merge)
    merge.undone_at, merge.undone_by_id = moment, actor.user_id
    merge.save(update_fields=["undone_at", "undone_by", "duplicate_name"])
    for customer_id, other in ((kept.pk, name), (merge.duplicate_id, kept.name)):
        record_change(subject=MERGE_UNDONE(customer=other), customer_id=customer_id, actor=actor, now=now)
    return merge


def _lock_merge(merge_id: UUID) -> tuple[Customer, CustomerMerge]:
    kept_id = CustomerMerge.objects.filter(pk=merge_id).values_list("kept_id", flat=True).first()
    if kept_id is None:
        raise NotFound(gettext("There is no such merge."))
    # The customer before the merge, as merging locks them.
    kept = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk=kept_id).first()
    merge = CustomerMerge.objects.select_for_update(of=("self",), no_key=True).filter(pk=merge_id).first()
    if kept is None or merge is None:
        raise NotFound(gettext("There is no such merge."))
    if merge.kept_id != kept.pk:  # the kept customer was merged into another one while we waited for it
        raise ConcurrentUpdate(gettext("The kept customer was merged meanwhile."))
    return kept, merge


def _check_can_undo(kept: Customer, merge: CustomerMerge, now: datetime) -> None:
    if merge.forgotten_at is not None or now - merge.merged_at > UNDO_FOR:
        raise CannotUndo(
            gettext("A merge can be undone for %(days)s days; what it needs is forgotten by now.")
            % {"days": UNDO_FOR.days}
        )
    if kept.erased_at is not None:
        raise CannotUndo(gettext("The customer's data was erased since."))
    after = Q(merged_at__gt=merge.merged_at) | Q(merged_at=merge.merged_at, pk__gt=merge.pk)
    later = CustomerMerge.objects.filter(after, kept=kept, undone_at=None).order_by("-merged_at", "-pk").first()
    if later is not None:
        raise CannotUndo(
            gettext("%(customer)s was merged again since, with %(duplicate)s. Undo that merge first.")
            % {"customer": kept.name, "duplicate": later.duplicate_name},
            merge=str(later.pk),
        )


def _give_back(merge: CustomerMerge, kept: Customer) -> None:
    """The kept customer's earlier values, where it still has those that the merge gave it."""
    changes: dict[str, Any] = {}
    for row in MergedRow.objects.filter(merge=merge, kind=MergedRowKind.CHANGED):
        if row.column_name == "custom_fields":
            changes["custom_fields"] = _earlier_fields(kept.custom_fields, row.old_value or {}, row.new_value or {})
        elif is_same(getattr(kept, row.column_name), row.new_value):
            changes[row.column_name] = _existing_or_none(row.column_name, row.old_value)
    _check_logins(kept, changes.get("user_id", kept.user_id), _login_of_duplicate(merge))
    for column, value in changes.items():
        setattr(kept, column, value)
    if changes:
        save_columns(kept, changes)


def _check_logins(kept: Customer, own: UUID | None, other: UUID | None) -> None:
    """Both logins must be free to act for the one and the other customer again."""
    others = Customer.everyone.filter(user__in={own, other} - {None}).exclude(pk=kept.pk).select_related("user").first()
    if others is not None and others.user is not None:
        raise CannotUndo(
            gettext("The login %(email)s acts for %(customer)s now. Take it away there first.")
            % {"email": others.user.email, "customer": others.name}
        )
    if own is not None and own == other:
        raise CannotUndo(
            gettext("The duplicate's login acts for %(customer)s now. Take it away there first.")
            % {"customer": kept.name}
        )


def _login_of_duplicate(merge: CustomerMerge) -> UUID | None:
    dropped = MergedRow.objects.filter(merge=merge, kind=MergedRowKind.DROPPED)
    stored = dropped.filter(table_name=Customer._meta.db_table).first()
    if stored is None:
        raise CannotUndo(gettext("What it needs is not there any more."))
    login = (stored.whole_row or {}).get("user_id")
    return UUID(login) if login else None


def _earlier_fields(now: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Key by key: the old value where the merge's still stands, else what somebody wrote since."""
    merged = [key for key in {*old, *new} if not _is_same_at(key, old, new)]
    untouched = [key for key in merged if _is_same_at(key, now, new)]
    kept = {key: value for key, value in now.items() if key not in untouched}
    return {**kept, **{key: old[key] for key in untouched if key in old}}


def _is_same_at(key: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Both have it alike, or neither has it: a stored null is there."""
    return (key in one) == (key in other) and is_same(one.get(key), other.get(key))


def _existing_or_none(column: str, value: Any) -> Any:
    """A company or colleague that is gone is nobody."""
    if column not in _REFERENCES or value is None:
        return value
    model: Any = Customer._meta.get_field(column.removesuffix("_id")).related_model
    return UUID(value) if model._default_manager.filter(pk=value).exists() else None
