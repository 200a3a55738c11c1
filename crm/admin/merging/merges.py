"""Merges that were made, and undoing them."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from crm.admin.merging.duplicates import MAY_MERGE
from crm.merging.visibility import check_may_undo, merges_seen_by
from crm.models.customer_merge import CustomerMerge
from crm.services.merging.undo_merge import undo_merge
from crm.timeline.lines import shown_counts
from shared.admin.base import ReadOnlyAdmin, actor_of
from shared.admin.display import moment, tag
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted


@admin.register(CustomerMerge)
class CustomerMergeAdmin(ReadOnlyAdmin):
    list_display = ("duplicate", "kept", "merged_at", "merged_by", "state")
    list_select_related = ("kept", "merged_by")
    ordering = ("-id",)
    empty_help = gettext_lazy("Customers that were merged stand here, to be parted again within 30 days.")
    actions_detail = ("undo",)
    fields = (("duplicate", "kept"), "told", ("merged_at", "merged_by"), ("undone_at", "undone_by"))
    readonly_fields = ("duplicate", "kept", "told", "merged_at", "merged_by", "undone_at", "undone_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return merges_seen_by(request.user, super().get_queryset(request))

    @display(description=gettext_lazy("duplicate"))
    def duplicate(self, merge: CustomerMerge) -> str:
        return merge.duplicate_name or str(merge.duplicate_id)

    @display(description=gettext_lazy("moved"))
    def told(self, merge: CustomerMerge) -> str:
        return shown_counts(merge.moved) or "-"

    @display(description=gettext_lazy("state"))
    def state(self, merge: CustomerMerge) -> str:
        if merge.undone_at:
            return tag(_("Undone"), "default")
        return tag(_("Final"), "default") if merge.forgotten_at else tag(_("Merged"), "info")

    @action(
        description=gettext_lazy("Undo the merge"),
        icon="undo",
        variant=ActionVariant.PRIMARY,
        permissions=[MAY_MERGE],
    )
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        merge = self.find(request, object_id)
        check_may_undo(request.user, merge)

        def apply(_values: dict[str, Any]) -> Done:
            undo_merge(merge_id=merge.pk, actor=actor_of(request))
            url = reverse("admin:users_customer_page", args=[merge.duplicate_id])
            return Done(_("The merge is undone: they are two customers again."), url)

        page = FormPage(
            title=_("Undo the merge"),
            intro=_(
                "The duplicate comes back with everything that was its own. What was added since stays with the kept"
                " customer, and so does what somebody has changed since."
            ),
            facts=[
                (_("Duplicate"), self.duplicate(merge)),
                (_("Kept"), merge.kept),
                (_("Merged"), moment(merge.merged_at)),
                (_("Moved"), self.told(merge)),
            ],
            submit=_("Undo the merge"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=reverse("admin:crm_customermerge_changelist"),
        )
        return answer(self, request, page)


def redirect_to_kept(request: HttpRequest, object_id: object) -> HttpResponse | None:
    """To the customer that this one was merged into; None if it was not."""
    try:
        duplicate_id = UUID(str(object_id))
    except ValueError:
        return None
    merges = merges_seen_by(request.user, CustomerMerge.objects.filter(duplicate_id=duplicate_id, undone_at=None))
    merge = merges.select_related("kept").first()
    if merge is None:
        return None
    messages.info(request, _("This customer was merged into %(name)s.") % {"name": merge.kept.name})
    return HttpResponseRedirect(reverse("admin:users_customer_page", args=[merge.kept_id]))
