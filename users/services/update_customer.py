from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shared.database.errors import named_constraints
from shared.database.write_row import check_columns
from shared.errors import NotFound
from users.custom_fields import change_custom_fields
from users.customers.details import CustomerChanges
from users.customers.links import CUSTOMER_CONSTRAINTS, check_links
from users.customers.tagging import tag_customer
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer


def update_customer(*, customer_id: UUID, changes: CustomerChanges) -> Customer:
    """Change a customer; orders keep the name and e-mail address they were placed with.

    Raises NotFound, InvalidInput for a wrong value or a company, group, user or owner that does not exist,
    AlreadyExists for a login that is another customer's. Locks: the customer.
    """
    check_links(changes)
    check_columns(Customer, {name: value for name, value in changes.items() if name not in {"tags", "custom_fields"}})
    with named_constraints(CUSTOMER_CONSTRAINTS), transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
        if customer is None:
            raise NotFound(gettext("There is no such customer."))
        values = {key: value for key, value in changes.items() if key != "tags"}
        if "custom_fields" in changes:
            current, sent = customer.custom_fields, changes["custom_fields"]
            values["custom_fields"] = change_custom_fields(CustomFieldOwner.CUSTOMER, current, sent)
        for column, value in values.items():
            setattr(customer, column, value)
        if values:
            customer.save(update_fields=[*values, "phone_e164", "updated_at"])
        if "tags" in changes:
            tag_customer(customer=customer, names=changes["tags"])
    return customer
