"""Change a lead, as staff and other systems do."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.lead import Lead, LeadStatus
from crm.pipeline.lead_checks import check_lead
from crm.services.leads.convert_lead import LeadAlreadyConverted
from shared.errors import NotFound
from users.custom_fields import change_custom_fields
from users.models.custom_field import CustomFieldOwner


@transaction.atomic
def update_lead(*, lead_id: UUID, changes: Mapping[str, Any]) -> Lead:
    """Change a lead; of `custom_fields`, only those named. Raises NotFound, InvalidInput, or LeadAlreadyConverted
    when the status of a customer would change. Locks: the lead."""
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk=lead_id).first()
    if lead is None:
        raise NotFound(gettext("There is no such lead."))
    check_lead(changes)
    if changes.get("status", lead.status) != lead.status and lead.status == LeadStatus.CONVERTED:
        raise LeadAlreadyConverted(gettext("%(lead)s is a customer already.") % {"lead": lead.name})
    values = dict(changes)
    if "custom_fields" in values:
        current, sent = lead.custom_fields, values["custom_fields"]
        values["custom_fields"] = change_custom_fields(CustomFieldOwner.LEAD, current, sent)
    for column, value in values.items():
        setattr(lead, column, value)
    # phone_e164 follows the phone when a lead is saved, but is written only if it is named.
    lead.save(update_fields=[*values, "phone_e164", "updated_at"])
    return lead
