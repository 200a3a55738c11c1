"""Which entries, tasks and consents a colleague sees: those about customers, leads and deals that they see."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from crm.models.deal import Deal
from crm.models.lead import Lead
from users.access.ownership import record_access_of, visible_to
from users.models.customer import Customer
from users.models.role import AccessLevel

# What a row may be about, by the name of the value that points at it.
LINKED: dict[str, type[Model]] = {"customer_id": Customer, "lead_id": Lead, "deal_id": Deal}


def about_visible(user: Any, rows: QuerySet[Any], *links: str) -> QuerySet[Any]:
    """Rows about customers, leads or deals (`links` names the fields) that the user sees."""
    if record_access_of(user).sees == AccessLevel.ALL:
        return rows
    seen = Q()
    for link in links:
        seen |= Q(**{f"{link}__in": visible_to(user, LINKED[f"{link}_id"]._default_manager.all()).values("pk")})
    return rows.filter(seen)
