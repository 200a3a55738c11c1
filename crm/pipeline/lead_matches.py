"""Customers that a lead may be already."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from crm.models.lead import Lead
from shared.planner.folding import in_any_case
from shared.text.phone import normalize_phone
from users.models.customer import Customer

_MOST = 10


@dataclass(frozen=True, slots=True)
class LeadMatch:
    customer: Customer
    same_email: bool
    same_phone: bool


def matches_of(lead: Lead, customers: QuerySet[Customer]) -> Sequence[LeadMatch]:
    """Those of `customers` with the lead's e-mail address in any case or its phone number however it is written,
    _MOST by each; both alike in front. Two statements, each answered by an index."""
    email, phone = lead.email.strip().lower(), normalize_phone(lead.phone)
    known = customers.filter(erased_at=None).select_related("company")
    found: dict[object, Customer] = {}
    if email:
        found |= {row.pk: row for row in known.filter(in_any_case("email", email)).order_by()[:_MOST]}
    if phone:
        found |= {row.pk: row for row in known.filter(phone_e164=phone).exclude(phone_e164="").order_by()[:_MOST]}
    matches = [
        LeadMatch(row, row.email.lower() == email, bool(phone) and row.phone_e164 == phone) for row in found.values()
    ]
    return sorted(
        matches,
        key=lambda match: (not (match.same_email and match.same_phone), not match.same_email, match.customer.pk),
    )
