from uuid import UUID

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import NotFound, Refusal
from users.models.company import Company


class CompanyInUse(Refusal):
    """Records that must last name this company."""

    code = "company_in_use"
    title = _("The company is in use")


def delete_company(*, company_id: UUID) -> None:
    """Delete a company; its customers stay, without one. Raises NotFound or CompanyInUse."""
    try:
        deleted, _ = Company.objects.filter(pk=company_id).delete()
    # The second: a row that came to name it between Django's look and the DELETE.
    except (ProtectedError, IntegrityError) as error:
        raise CompanyInUse(gettext("Other records name this company.")) from error
    if not deleted:
        raise NotFound(gettext("There is no such company."))
