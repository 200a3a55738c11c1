"""Make one customer of two."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.merging import sql as merge_sql
from crm.merging.as_json import as_json, is_same
from crm.merging.links import CHOOSABLE, CUSTOM, LINKS, MACHINERY, Link
from crm.models.customer_merge import CustomerMerge, MergedRow, MergedRowKind
from crm.services.merging.save_columns import save_columns
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import MERGED, MOVED, NOTHING_MOVED
from orders.services.upkeep.refresh_sales import refresh_customers
from shared.actor import Actor
from shared.database.conflicts import ConcurrentUpdate
from shared.database.transactions import outermost_transaction, retry_transaction, take_time
from shared.errors import InvalidInput, NotFound, Refusal, StaleVersion
from shared.ids import new_id
from users.customers.address_book import addresses_of_text, joined_addresses, text_of_addresses
from users.models.customer import Customer

log = structlog.get_logger("kontor.crm")

# What a customer with half a million orders takes; everything else is done at once.
MAX_SECONDS = 120


class ErasedCustomer(Refusal):
    code = "customer_erased"
    title = _("A customer whose data was erased is nobody's duplicate")


def merge_customers(
    *,
    kept_id: UUID,
    duplicate_id: UUID,
    actor: Actor,
    take: Collection[str] = (),
    seen: Mapping[UUID, datetime] | None = None,
) -> CustomerMerge:
    """Give all that is the duplicate's to the kept customer and delete the duplicate; undo_merge parts them again.

    `take` names the fields whose value is the duplicate's: of CHOOSABLE, or CUSTOM + a key of the shop's own fields.
    `seen` is the `updated_at` of both as whoever decided saw them. Orders keep the name and addresses they were placed
    with, and no moved row's own `updated_at` changes.

    Raises NotFound, InvalidInput, ErasedCustomer, StaleVersion when one has changed since it was seen, Unavailable.
    Commits its own transaction. Locks: both customers in primary-key order against changes, then what moves, then the
    row of the sums of sales, then the duplicate also against being pointed at: until then orders are placed for both.
    """
    if kept_id == duplicate_id:
        raise InvalidInput(("/duplicate", "same_customer", gettext("A customer cannot be merged with itself.")))
    unknown = [name for name in take if name not in CHOOSABLE and not name.startswith(CUSTOM)]
    if unknown:
        raise InvalidInput(
            *(
                ("/take", "unknown_field", gettext("There is no choice of %(name)s.") % {"name": name})
                for name in unknown
            )
        )
    merge_id = new_id()
    which = {"kept_id": kept_id, "duplicate_id": duplicate_id, "merged_by_id": actor.user_id}

    def find_done() -> CustomerMerge | None:
        return CustomerMerge.objects.filter(pk=merge_id).first()

    def work(again: bool) -> CustomerMerge:
        if again and (done := find_done()) is not None:
            return done
        try:
            with outermost_transaction():
                return _merge_locked(CustomerMerge(pk=merge_id, **which), take=take, seen=seen, actor=actor)
        except IntegrityError as error:  # a row that both have now was added to one of them, or a parent deleted
            raise ConcurrentUpdate(gettext("Something of these customers was changed meanwhile.")) from error

    merge = retry_transaction(work, name="merge_customers", find_done=find_done)
    log.info("customers_merged", kept=str(kept_id), duplicate=str(duplicate_id), actor=actor.label, moved=merge.moved)
    return merge


def _merge_locked(
    merge: CustomerMerge, *, take: Collection[str], seen: Mapping[UUID, datetime] | None, actor: Actor
) -> CustomerMerge:
    kept, duplicate = _lock_both(merge.kept_id, merge.duplicate_id)
    if seen is not None and any(seen.get(one.pk) != one.updated_at for one in (kept, duplicate)):
        raise StaleVersion(gettext("One of them has changed since you looked. Look again."))
    take_time(MAX_SECONDS)
    merge.duplicate_name = duplicate.name
    # Now, as the rows that are written down below point at it.
    merge.save(force_insert=True)
    merge_sql.copy_customer(Customer, merge_id=merge.pk, duplicate_id=duplicate.pk)
    moved = {link: _reassign_rows(link, merge) for link in LINKS}
    refresh_customers(customer_ids=[kept.pk])
    # From here on nobody can point at the duplicate; what did so while its rows were moved is moved now. The moved
    # rows' foreign keys are checked before, so that placing orders waits for moments only.
    merge_sql.check_foreign_keys()
    Customer.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    merge.moved = _as_told({link: count + _reassign_rows(link, merge) for link, count in moved.items()})
    _take_values(merge, kept, duplicate, take)
    merge_sql.delete_customer(Customer, duplicate.pk)
    merge.save(update_fields=["moved"])
    text = MOVED(customer=str(duplicate), counts=merge.moved)
    record_change(
        subject=MERGED(customer=duplicate.name),
        text=text if merge.moved else NOTHING_MOVED(customer=str(duplicate)),
        customer_id=kept.pk,
        actor=actor,
    )
    return merge


def _lock_both(kept_id: UUID, duplicate_id: UUID) -> tuple[Customer, Customer]:
    locked = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept_id, duplicate_id])
    found = {customer.pk: customer for customer in locked.order_by("pk")}
    if len(found) < 2:
        raise NotFound(gettext("There is no such customer."))
    if any(customer.erased_at for customer in found.values()):
        raise ErasedCustomer
    return found[kept_id], found[duplicate_id]


def _reassign_rows(link: Link, merge: CustomerMerge) -> int:
    return merge_sql.move(link, merge_id=merge.pk, kept_id=merge.kept_id, duplicate_id=merge.duplicate_id)


def _as_told(moved: Mapping[Link, int]) -> dict[str, int]:
    return {link.label: count for link, count in moved.items() if count and link.model not in MACHINERY}


def _take_values(merge: CustomerMerge, kept: Customer, duplicate: Customer, take: Collection[str]) -> None:
    """Write the chosen values into the kept customer, and down what they replace; addresses are those of both. A login
    acts for one customer."""
    columns = [Customer._meta.get_field(name).attname for name in take if name in CHOOSABLE]  # type: ignore[union-attr]
    changes: dict[str, Any] = {column: getattr(duplicate, column) for column in columns}
    keys = [name.removeprefix(CUSTOM) for name in take if name.startswith(CUSTOM)]
    if keys:
        own = {key: value for key, value in kept.custom_fields.items() if key not in keys}
        taken = {key: duplicate.custom_fields[key] for key in keys if key in duplicate.custom_fields}
        changes["custom_fields"] = {**own, **taken}
    changes |= _joined(*((duplicate, kept) if "address" in take else (kept, duplicate)))
    changes = {column: value for column, value in changes.items() if not is_same(value, getattr(kept, column))}
    if not changes:
        return
    if "user_id" in changes:
        Customer.objects.filter(pk=duplicate.pk).update(user=None)
    MergedRow.objects.bulk_create(_changed_row(merge, kept, column, value) for column, value in changes.items())
    for column, value in changes.items():
        setattr(kept, column, value)
    save_columns(kept, changes)


def _joined(first: Customer, other: Customer) -> dict[str, Any]:
    """The addresses of both, with the first one's defaults. A text alone is one, beside somebody's addresses; of two
    texts one is chosen."""
    if not first.addresses and not other.addresses:
        return {}
    books = [one.addresses or addresses_of_text(one.address, country=one.country) for one in (first, other)]
    joined = joined_addresses(*books)
    return {"addresses": joined, "address": text_of_addresses(joined)}


def _changed_row(merge: CustomerMerge, kept: Customer, column: str, value: Any) -> MergedRow:
    return MergedRow(
        merge=merge,
        kind=MergedRowKind.CHANGED,
        table_name=Customer._meta.db_table,
        row_id=str(kept.pk),
        column_name=column,
        old_value=as_json(getattr(kept, column)),
        new_value=as_json(value),
    )
