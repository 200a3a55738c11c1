"""Putting a customer out of sight, and what becomes of those who stay there. See docs/decisions/deletion.md."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import PROTECT, ForeignKey, ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.clock import database_now
from shared.errors import NotFound, Refusal
from users.models.customer import Customer


class CustomerHasOrders(Refusal):
    """Orders, or other records that must last, name this customer."""

    code = "customer_has_orders"
    title = _("The customer has orders")


@transaction.atomic
def delete_customer(*, customer_id: UUID, with_orders: bool = False, now: datetime | None = None) -> None:
    """Hide a customer; restore_customer shows them again. Orders keep their snapshots.

    Raises NotFound, and unless `with_orders` CustomerHasOrders. Locks: the customer.
    """
    customer = Customer.objects.select_for_update(of=("self",)).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    if not with_orders and _has_what_lasts(customer):
        raise CustomerHasOrders(gettext("The customer has orders and cannot be deleted."))
    customer.deleted_at = now or database_now()
    customer.save(update_fields=["deleted_at", "updated_at"])


@transaction.atomic
def restore_customer(*, customer_id: UUID) -> None:
    """Show a deleted customer again; one who is there stays as they are. Raises NotFound. Locks: the customer."""
    customer = Customer.everyone.select_for_update(of=("self",), no_key=True).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    if customer.deleted_at is not None:
        customer.deleted_at = None
        customer.save(update_fields=["deleted_at", "updated_at"])


def remove_for_good(*, customer_id: UUID) -> bool:
    """Remove a deleted customer's row with all that goes along; False for one whom orders name or who was restored
    meanwhile. Commits by itself outside a transaction. Locks: the customer, also against being pointed at."""
    try:
        with transaction.atomic():
            gone = Customer.everyone.select_for_update(of=("self",)).filter(pk=customer_id, deleted_at__isnull=False)
            return bool([customer.delete() for customer in gone])
    except (ProtectedError, IntegrityError):  # the second: an order placed meanwhile, noticed at commit
        return False


def _has_what_lasts(customer: Customer) -> bool:
    """Whether a row that must not lose its customer names this one; users know no other rooms' models."""
    relations = Customer._meta.get_fields(include_hidden=True)
    return any(
        # The default managers leave out what is hidden, and that must last as well.
        field.model._base_manager.filter(**{field.name: customer.pk}).exists()
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and isinstance(field := getattr(relation, "field", None), ForeignKey)
        and getattr(relation, "on_delete", None) is PROTECT
    )
