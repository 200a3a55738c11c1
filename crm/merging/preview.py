"""What a merge of two customers would do: whose values differ, and what moves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.merging.links import CHOOSABLE, CUSTOM, LINKS, MACHINERY, Link
from crm.merging.sql import count_rows
from users.models.custom_field import CustomField, CustomFieldOwner
from users.models.customer import Customer

_EMPTY: tuple[Any, ...] = (None, "", {})


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of both, as merge_customers names it; a linked row stands as itself."""

    name: str
    label: str
    kept: Any
    duplicate: Any

    @property
    def differs(self) -> bool:
        return bool(self.kept != self.duplicate)

    @property
    def is_proposed(self) -> bool:
        """Whether the duplicate's value should stay: where the kept customer has none."""
        return self.differs and self.kept in _EMPTY


def compared(kept: Customer, duplicate: Customer) -> list[Compared]:
    """Every field that can be chosen. One statement, and those that linked rows take."""
    rows = [
        Compared(
            name,
            str(Customer._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
            getattr(kept, name),
            getattr(duplicate, name),
        )
        for name in CHOOSABLE
    ]
    labels = dict(CustomField.objects.filter(model=CustomFieldOwner.CUSTOMER).values_list("key", "label"))
    keys = sorted({*kept.custom_fields, *duplicate.custom_fields})
    own = [
        Compared(CUSTOM + key, labels.get(key, key), kept.custom_fields.get(key), duplicate.custom_fields.get(key))
        for key in keys
    ]
    return rows + own


def proposed(kept: Customer, duplicate: Customer) -> list[str]:
    """The fields whose value would be the duplicate's if nobody chose."""
    return [field.name for field in compared(kept, duplicate) if field.is_proposed]


def moving(duplicate_id: UUID) -> list[tuple[Link, int]]:
    """How many rows of each kind would become the kept customer's. A statement for each kind."""
    return [(link, count_rows(link, duplicate_id)) for link in LINKS if link.model not in MACHINERY]
