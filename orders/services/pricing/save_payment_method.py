"""Rules of payment methods, for the admin and the API alike."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from orders.models.payment_method import PaymentMethod
from shared.database.errors import AlreadyExists
from shared.database.write_row import save_row
from shared.errors import InvalidInput

_REFUSALS = {
    "payment_method_code_unique": lambda: AlreadyExists("/code", gettext("This code is another method's.")),
    "one_payment_method_of_staff": lambda: AlreadyExists(
        "/is_staff_default", gettext("Staff's orders begin with another method just now.")
    ),
    "payment_method_within_a_year": lambda: InvalidInput(
        ("/minutes", "out_of_range", gettext("A deadline is within a year."))
    ),
}


def save_payment_method(*, method_id: UUID | None, values: Mapping[str, Any]) -> PaymentMethod:
    """Make a payment method, or change one; orders that wait keep their deadline. One that staff's orders begin with
    takes the place of the one before. Raises NotFound, InvalidInput, AlreadyExists."""
    with transaction.atomic():
        if values.get("is_staff_default"):
            # Before the row is written: a partial unique index is checked at each row and cannot wait for the commit.
            PaymentMethod.objects.filter(is_staff_default=True).update(is_staff_default=False)
        return save_row(PaymentMethod, key=method_id, values=values, refusals=_REFUSALS)
