"""Write down a lead, as staff and other systems do."""

from typing import Any

from crm.models.lead import Lead
from crm.pipeline.lead_checks import check_lead
from shared.actor import Actor
from users.custom_fields import validate_custom_fields
from users.models.custom_field import CustomFieldOwner


def create_lead(*, actor: Actor, **details: Any) -> Lead:
    """A new lead of the actor's, unless `owner_id` says otherwise. Raises InvalidInput."""
    check_lead(details)
    details["custom_fields"] = validate_custom_fields(CustomFieldOwner.LEAD, details.get("custom_fields", {}))
    return Lead.objects.create(**{"owner_id": actor.user_id, **details})
