from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shared.database.write_row import check_columns
from shared.errors import NotFound
from users.custom_fields import change_custom_fields
from users.customers.links import check_links
from users.models.company import Company
from users.models.custom_field import CustomFieldOwner


class CompanyChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    name: str
    website: str
    phone: str
    address: str
    tax_number: str
    note: str
    owner_id: UUID | None
    custom_fields: dict[str, Any]  # of which those not named stay


@transaction.atomic
def update_company(*, company_id: UUID, changes: CompanyChanges) -> Company:
    """Change a company. Raises NotFound, or InvalidInput for a wrong value or owner. Locks: the company."""
    check_links(changes)
    check_columns(Company, {name: value for name, value in changes.items() if name != "custom_fields"})
    company = Company.objects.select_for_update(no_key=True).filter(pk=company_id).first()
    if company is None:
        raise NotFound(gettext("There is no such company."))
    values = dict(changes)
    if "custom_fields" in changes:
        current, sent = company.custom_fields, changes["custom_fields"]
        values["custom_fields"] = change_custom_fields(CustomFieldOwner.COMPANY, current, sent)
    for column, value in values.items():
        setattr(company, column, value)
    company.save(update_fields=[*values, "updated_at"])
    return company
