"""Lock an import that stands at the step that is asked for."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.models.data_import import Import, ImportStatus
from shared.errors import NotFound, Refusal


class WrongStep(Refusal):
    """The import is not where this step begins."""

    code = "wrong_step"
    title = gettext_lazy("The import has moved on")


def lock_import(import_id: UUID, *statuses: ImportStatus) -> Import:
    data_import = Import.objects.select_for_update(no_key=True).filter(pk=import_id).first()
    if data_import is None:
        raise NotFound(_("There is no such import."))
    if data_import.status not in statuses:
        raise WrongStep(
            _("The import is not at this step any more: %(status)s.") % {"status": data_import.get_status_display()}
        )
    return data_import
