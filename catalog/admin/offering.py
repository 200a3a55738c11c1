"""Buttons on a product's and a variant's page: no longer offered, and offered again."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted

if TYPE_CHECKING:  # stands before KontorAdmin among an admin's bases
    from shared.admin.base import KontorAdmin
else:
    KontorAdmin = object

OFFERING_BUTTONS = ("offer_again", "stop_offering")


class Offerable(KontorAdmin):
    """A model that has `is_active`; `set_offered` writes it."""

    @staticmethod
    def set_offered(row_id: Any, is_offered: bool) -> None:
        raise NotImplementedError

    def url_of_record(self, row: Any) -> str:
        """Where a colleague goes on: the form, or a page of the record."""
        return change_url(type(row), row.pk)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only the one that changes something."""
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        rows: Any = self.model._default_manager.filter(pk=object_id)
        is_active = rows.values_list("is_active", flat=True).first()
        idle = OFFERING_BUTTONS[0] if is_active else OFFERING_BUTTONS[1]
        return [one for one in offered if one.method.original_function_name != idle]

    @action(
        description=_("Offer again"), icon="restore_from_trash", variant=ActionVariant.PRIMARY, permissions=["change"]
    )
    def offer_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._find_changeable(request, object_id)
        intro = gettext("The shop offers it again, and it can be ordered as long as there is stock.")
        page = self._offer_page(
            request,
            row,
            is_offered=True,
            title=gettext("Offer %(name)s again?") % {"name": row},
            submit=gettext("Offer it again"),
            intro=intro,
        )
        return answer(self, request, page)

    @action(description=_("Stop offering"), icon="visibility_off", permissions=["change"])
    def stop_offering(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._find_changeable(request, object_id)
        intro = gettext("It can no longer be ordered. Orders keep it, its stock stays, and it can be offered again.")
        page = self._offer_page(
            request,
            row,
            is_offered=False,
            title=gettext("Stop offering %(name)s?") % {"name": row},
            submit=gettext("Stop offering it"),
            intro=intro,
        )
        return answer(self, request, page)

    def _find_changeable(self, request: HttpRequest, object_id: str) -> Any:
        row = self.find(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def _offer_page(self, request: HttpRequest, row: Any, *, is_offered: bool, **texts: Any) -> FormPage:
        def apply(values: dict[str, Any]) -> Done:
            self.set_offered(row.pk, is_offered)
            said = gettext("%(name)s is offered again.") if is_offered else gettext("%(name)s is no longer offered.")
            return Done(said % {"name": row})

        return FormPage(form=StyledForm(posted(request)), apply=apply, back_url=self.url_of_record(row), **texts)
