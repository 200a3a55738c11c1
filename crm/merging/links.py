"""How everything that points at a customer follows when two customers become one.

A new foreign key to Customer, or a new column of Customer, must be entered here: until then `manage.py check` fails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import ForeignKey, Model, UniqueConstraint
from django.utils.translation import override

from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge
from crm.models.deal import Deal
from crm.models.duplicate_pair import DuplicatePair
from crm.models.email import Email
from crm.models.lead import Lead
from crm.models.segment import SegmentMember
from crm.models.task import Task
from orders.models.coupon import CouponUse
from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.sales import ArchivedOrder, CustomerSales
from users.models.consent import Consent
from users.models.customer import Customer


class How(Enum):
    """What becomes of the duplicate's rows. Whatever is deleted is stored whole, and comes back with the undo."""

    REASSIGN = "they get the kept customer"
    DEDUPLICATE = "they get the kept customer, but for those that it has already: these are deleted"
    DELETE = "they are deleted: computed from what moved, or without a meaning for one customer"


@dataclass(frozen=True, slots=True)
class Link:
    """One column that points at a customer.

    `beside`: with DEDUPLICATE, the field that makes two rows of a customer the same. `along`: a field that points at
    another row with a customer; what was made since the merge goes back along with that row when the merge is undone.
    """

    model: type[Model]
    field: str = "customer"
    how: How = How.REASSIGN
    beside: str = ""
    along: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        return column_of(self.model, self.field)

    @property
    def label(self) -> str:
        """In English: merges keep it beside the number of rows."""
        with override(None):
            return str(self.model._meta.verbose_name_plural)


# In this order they are moved, and come back. Everything with `along` stands after what it goes along with.
LINKS = (
    # Earlier merges come along, so that one step always leads to who is kept now.
    Link(CustomerMerge, "kept"),
    Link(DuplicatePair, "first", How.DELETE),
    Link(DuplicatePair, "second", How.DELETE),
    Link(Customer.tags.through, how=How.DEDUPLICATE, beside="tag"),
    Link(SegmentMember, how=How.DEDUPLICATE, beside="segment"),
    Link(Consent),
    Link(Order),
    Link(ArchivedOrder),
    Link(CouponUse),
    Link(Draft),
    # Sums: refresh_customers adds them up anew.
    Link(CustomerSales, how=How.DELETE),
    Link(Lead),
    Link(Deal),
    Link(Task, along="deal"),
    Link(Activity, along="deal"),
    Link(Email),
)
# Not worth telling when it is counted what moves.
MACHINERY = frozenset({CustomerMerge, DuplicatePair, SegmentMember, CustomerSales})

CUSTOM = "custom_fields."
# Columns that follow another one, or stay the kept customer's.
_SETTLED = {"id", "created_at", "updated_at", "erased_at", "deleted_at", "phone_e164", "custom_fields", "addresses"}
# Of all others staff choose whose value stays; the shop's own fields are chosen one by one, as CUSTOM + key.
CHOOSABLE = tuple(field.name for field in Customer._meta.concrete_fields if field.name not in _SETTLED)


def column_of(model: type[Model], field: str) -> str:
    """The field's column, e.g. customer_id."""
    found: Any = model._meta.get_field(field)
    return str(found.column)


def pointers() -> Iterator[ForeignKey]:
    """Every foreign key to Customer that there is, one-to-one and many-to-many included."""
    for relation in Customer._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and not relation.concrete and isinstance(field, ForeignKey):
            yield field


def check_merging(*, links: Sequence[Link] = LINKS, **_: object) -> list[CheckMessage]:
    """The system check behind the promise above."""
    known = {(link.model, link.field): link for link in links}
    found = {(field.model, field.name): field for field in pointers()}
    faults: list[CheckMessage] = [
        Error(
            f"{model._meta.label}.{name} points at a customer, but nothing says how it merges.", hint=_HINT, id="crm.E1"
        )
        for model, name in found
        if (model, name) not in known
    ]
    faults += [
        Error(
            f"{link.model._meta.label}.{link.field} is unique for a customer: say DEDUPLICATE or DELETE.",
            hint=_HINT,
            id="crm.E2",
        )
        for key, link in known.items()
        if link.how is How.REASSIGN and key in found and _is_in_a_unique_rule(found[key])
    ]
    return faults


_HINT = "Enter it in crm/merging/links.py."


def _is_in_a_unique_rule(field: ForeignKey) -> bool:
    meta = field.model._meta
    rules = [rule.fields for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    return field.unique or any(field.name in names for names in (*rules, *meta.unique_together))
