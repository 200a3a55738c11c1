from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import NotFound, Refusal
from users.models.customer import Customer


class CustomerHasOrders(Refusal):
    """Orders, or other records that must last, name this customer."""

    code = "customer_has_orders"
    title = _("The customer has orders")


def delete_customer(*, customer_id: UUID) -> None:
    """Delete a customer who never ordered. Raises NotFound or CustomerHasOrders."""
    try:
        with transaction.atomic():
            deleted, _ = Customer.objects.filter(pk=customer_id).delete()
    except (
        ProtectedError,
        IntegrityError,
    ) as error:  # the second: an order placed meanwhile, noticed at commit
        raise CustomerHasOrders(gettext("The customer has orders and cannot be deleted.")) from error
    if not deleted:
        raise NotFound(gettext("There is no such customer."))
