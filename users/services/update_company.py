from typing import TypedDict
from uuid import UUID

from shared.errors import NotFound
from users.models.company import Company


class CompanyChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    name: str
    website: str
    phone: str
    address: str
    note: str


def update_company(*, company_id: UUID, changes: CompanyChanges) -> Company:
    """Change a company. Raises NotFound."""
    company = Company.objects.filter(pk=company_id).first()
    if company is None:
        raise NotFound("There is no such company.")
    for column, value in changes.items():
        setattr(company, column, value)
    company.save(update_fields=[*changes, "updated_at"])
    return company
