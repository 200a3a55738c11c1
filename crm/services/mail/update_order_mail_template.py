"""The words of the e-mails that orders write."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from crm.mail.text import ORDER_NAMES, check_texts
from crm.models.order_mail import OrderMailTemplate
from shared.database.write_row import save_row
from shared.errors import InvalidInput

_TEXTS = ("subject_en", "body_en", "subject_uk", "body_uk")
_REFUSALS = {
    "order_mail_reminder_says_when": lambda: InvalidInput(
        ("/minutes_before", "out_of_range", gettext("Say how many minutes, from 1 to 10,080."))
    )
}


def update_order_mail_template(*, template_id: UUID, changes: Mapping[str, Any]) -> OrderMailTemplate:
    """Change a kind's words, or when and whether it is sent. Raises NotFound, or InvalidInput."""
    check_texts({name: changes[name] for name in _TEXTS if name in changes}, tuple(ORDER_NAMES))
    return save_row(OrderMailTemplate, key=template_id, values=changes, refusals=_REFUSALS)
