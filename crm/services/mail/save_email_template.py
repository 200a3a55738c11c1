"""E-mails that staff write often."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from crm.mail.text import check_texts
from crm.models.email import EmailTemplate
from shared.database.errors import AlreadyExists
from shared.database.write_row import delete_row, save_row

_TAKEN = {
    "email_template_name_unique": lambda: AlreadyExists(
        "/name", gettext("There is a template of this name in this language.")
    )
}


def save_email_template(*, template_id: UUID | None, values: Mapping[str, Any]) -> EmailTemplate:
    """Make a template, or change one. Raises NotFound, InvalidInput for words that cannot be filled in,
    AlreadyExists."""
    check_texts({name: values[name] for name in ("subject", "body") if name in values})
    return save_row(EmailTemplate, key=template_id, values=values, refusals=_TAKEN)


def delete_email_template(*, template_id: UUID) -> None:
    """Delete a template; e-mails that were written with it stay. Raises NotFound."""
    delete_row(EmailTemplate, key=template_id)
