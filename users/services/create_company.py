from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.database.write_row import check_columns
from users.custom_fields import validate_custom_fields
from users.customers.links import check_links
from users.models.company import Company
from users.models.custom_field import CustomFieldOwner


def create_company(
    *,
    name: str,
    website: str = "",
    phone: str = "",
    address: str = "",
    tax_number: str = "",
    note: str = "",
    owner_id: UUID | None = None,
    custom_fields: Mapping[str, Any] | None = None,
) -> Company:
    """A new company; names need not be unique. Raises InvalidInput for a wrong value or owner."""
    fields = validate_custom_fields(CustomFieldOwner.COMPANY, custom_fields or {})
    check_links({"owner_id": owner_id})
    plain = {"name": name, "website": website, "phone": phone, "address": address, "note": note}
    plain["tax_number"] = tax_number
    check_columns(Company, plain)
    return Company.objects.create(**plain, owner_id=owner_id, custom_fields=fields)
