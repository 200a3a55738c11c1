"""Leads as staff and other systems write them down."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.lead import Lead, LeadStatus
from crm.services.convert_lead import LeadAlreadyConverted
from shared.actor import Actor
from shared.errors import InvalidInput, NotFound
from users.custom_fields import change_custom_fields, validate_custom_fields
from users.models.custom_field import CustomFieldOwner
from users.models.user import User


def create_lead(*, actor: Actor, **details: Any) -> Lead:
    """A new lead of the actor's, unless `owner_id` says otherwise. Raises InvalidInput."""
    _check(details)
    details["custom_fields"] = validate_custom_fields(CustomFieldOwner.LEAD, details.get("custom_fields", {}))
    return Lead.objects.create(**{"owner_id": actor.user_id, **details})


@transaction.atomic
def update_lead(*, lead_id: UUID, changes: Mapping[str, Any]) -> Lead:
    """Change a lead; of `custom_fields`, only those named. Raises NotFound, InvalidInput, or LeadAlreadyConverted
    when the status of a customer would change. Locks: the lead."""
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk=lead_id).first()
    if lead is None:
        raise NotFound(gettext("There is no such lead."))
    _check(changes)
    if changes.get("status", lead.status) != lead.status and lead.status == LeadStatus.CONVERTED:
        raise LeadAlreadyConverted(gettext("%(lead)s is a customer already.") % {"lead": lead.name})
    values = dict(changes)
    if "custom_fields" in values:
        current, sent = lead.custom_fields, values["custom_fields"]
        values["custom_fields"] = change_custom_fields(CustomFieldOwner.LEAD, current, sent)
    for column, value in values.items():
        setattr(lead, column, value)
    lead.save(update_fields=[*values, "phone_e164", "updated_at"])
    return lead


def _check(values: Mapping[str, Any]) -> None:
    faults = []
    if values.get("status") == LeadStatus.CONVERTED:
        faults.append(("/status", "not_by_hand", gettext("Converting the lead makes it converted.")))
    owner_id = values.get("owner_id")
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_staff=True).exists():
        faults.append(("/owner", "does_not_exist", gettext("There is no such colleague.")))
    if faults:
        raise InvalidInput(*faults)
