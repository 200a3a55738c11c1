from uuid import UUID

from users.models.company import Company


def create_company(
    *, name: str, website: str = "", phone: str = "", address: str = "", note: str = "", owner_id: UUID | None = None
) -> Company:
    """A new company; names need not be unique."""
    return Company.objects.create(
        name=name, website=website, phone=phone, address=address, note=note, owner_id=owner_id
    )
