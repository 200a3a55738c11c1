"""What a lead must fulfil, whoever writes it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from crm.models.lead import LeadStatus
from shared.errors import InvalidInput
from users.models.user import User


def check_lead(values: Mapping[str, Any]) -> None:
    faults = []
    if values.get("status") == LeadStatus.CONVERTED:
        faults.append(("/status", "not_by_hand", gettext("Converting the lead makes it converted.")))
    owner_id = values.get("owner_id")
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_staff=True).exists():
        faults.append(("/owner", "does_not_exist", gettext("There is no such colleague.")))
    if faults:
        raise InvalidInput(*faults)
