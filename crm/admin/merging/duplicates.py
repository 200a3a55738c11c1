"""Customers that may be the same: the list, the look at one customer, and merging two side by side."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from crm.admin.merging.forms import MergeForm
from crm.merging.matches import duplicates_of
from crm.merging.preview import moving
from crm.merging.visibility import pairs_seen_by
from crm.models.duplicate_pair import DuplicatePair, PairReason, PairState
from crm.services.merging.dismiss_duplicate import dismiss_duplicate
from crm.services.merging.merge_customers import merge_customers
from shared.admin.base import ReadOnlyAdmin, actor_of
from shared.admin.changelist import KontorChangeList
from shared.admin.display import number, tag
from shared.admin.filters import KindFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from users.access.ownership import check_may_change
from users.models.customer import Customer

MAY_MERGE = "users.merge_customers"


def merge_url(kept_id: UUID, duplicate_id: UUID) -> str:
    return reverse("admin:crm_duplicatepair_merge", args=[kept_id, duplicate_id])


def reasons_text(reasons: list[Any]) -> str:
    return ", ".join(str(PairReason(reason).label) for reason in reasons)


class DuplicateChangeList(KontorChangeList):
    """The list leads to the two, side by side."""

    def url_for_result(self, result: Model) -> str:
        return merge_url(result.first_id, result.second_id)  # type: ignore[attr-defined]


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ReadOnlyAdmin):
    list_display = ("both", "shown_similarity", "why", "decided", "found_at")
    list_select_related = ("first", "second")
    list_filter = [("state", KindFilter)]
    ordering = ("-score", "-id")
    empty_help = gettext_lazy(
        "A job looks every night for customers that seem to be the same. It found none to decide."
    )
    fields = (("first", "second"), ("score", "why"), ("state", "dismissed_at", "dismissed_by"), "found_at")
    readonly_fields = ("first", "second", "score", "why", "state", "dismissed_at", "dismissed_by", "found_at")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KontorChangeList]:
        return DuplicateChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The list shows what is to decide, unless it is asked for the rest."""
        pairs = pairs_seen_by(request.user, super().get_queryset(request))
        match = request.resolver_match
        is_list = match is not None and match.url_name == "crm_duplicatepair_changelist"
        return pairs.filter(state=PairState.OPEN) if is_list and "state__exact" not in request.GET else pairs

    def get_urls(self) -> list[URLPattern]:
        """Two customers may be merged whether a job found them or not."""
        ours = [
            path("of/<uuid:customer_id>/", self.admin_site.admin_view(self.of_one), name="crm_duplicatepair_of"),
            path(
                "merge/<uuid:kept_id>/<uuid:duplicate_id>/",
                self.admin_site.admin_view(self.merge),
                name="crm_duplicatepair_merge",
            ),
            path(
                "dismiss/<uuid:one_id>/<uuid:other_id>/",
                self.admin_site.admin_view(self.dismiss),
                name="crm_duplicatepair_dismiss",
            ),
        ]
        return [*ours, *super().get_urls()]

    @display(description=gettext_lazy("customers"))
    def both(self, pair: DuplicatePair) -> str:
        return f"{pair.first} = {pair.second}?"

    @display(description=gettext_lazy("similarity"))
    def shown_similarity(self, pair: DuplicatePair) -> str:
        return f"{pair.score} %"

    @display(description=gettext_lazy("because of"))
    def why(self, pair: DuplicatePair) -> str:
        return reasons_text(pair.reasons)

    @display(description=gettext_lazy("state"))
    def decided(self, pair: DuplicatePair) -> str:
        return tag(pair.get_state_display(), "default" if pair.state == PairState.DISMISSED else "warning")

    def of_one(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        """Who seems to be the same as this customer, by a look at the indexes now."""
        customer = self._find_customer(request, customer_id)
        alike = duplicates_of(customer_id=customer.pk)
        visible = (
            self._mergeable_customers(request).select_related("company").in_bulk([one.customer_id for one in alike])
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Duplicates of %(name)s") % {"name": customer.name},
            "customer": customer,
            "alike": [
                (visible[one.customer_id], one.score, reasons_text(one.reasons))
                for one in alike
                if one.customer_id in visible
            ],
            "model_admin": self,
        }
        return TemplateResponse(request, "admin/kontor/duplicates.html", context)

    def merge(self, request: HttpRequest, kept_id: UUID, duplicate_id: UUID) -> HttpResponse:
        kept, duplicate = self._find_customer(request, kept_id), self._find_customer(request, duplicate_id)
        if kept.pk == duplicate.pk:
            raise Http404(_("One customer is no duplicate."))
        check_may_change(request.user, kept, duplicate)
        page_url = reverse("admin:users_customer_page", args=[kept.pk])
        form = MergeForm(kept, duplicate, posted(request))

        def apply(values: dict[str, Any]) -> Done:
            merge = merge_customers(
                kept_id=kept.pk,
                duplicate_id=duplicate.pk,
                take=form.taken(values),
                seen={
                    kept.pk: datetime.fromisoformat(values["seen_kept"]),
                    duplicate.pk: datetime.fromisoformat(values["seen_duplicate"]),
                },
                actor=actor_of(request),
            )
            told = _("%(name)s is merged. It can be undone for 30 days under “Merges”.") % {
                "name": merge.duplicate_name
            }
            return Done(told, page_url)

        page = FormPage(
            title=_("Merge two customers"),
            intro=_(
                "Choose what stays. Everything of the right one goes to the left one; orders keep the name and"
                " addresses they were placed with."
            ),
            facts=[(_(link.label).capitalize(), number(count)) for link, count in moving(duplicate.pk)],
            submit=_("Merge"),
            form=form,
            apply=apply,
            back_url=reverse("admin:crm_duplicatepair_changelist"),
            is_dangerous=True,
            template="admin/kontor/merge.html",
            extra_context={
                "kept": kept,
                "duplicate": duplicate,
                "swap_url": merge_url(duplicate.pk, kept.pk),
                "dismiss_url": reverse("admin:crm_duplicatepair_dismiss", args=[kept.pk, duplicate.pk]),
            },
        )
        return answer(self, request, page)

    def dismiss(self, request: HttpRequest, one_id: UUID, other_id: UUID) -> HttpResponse:
        one, other = self._find_customer(request, one_id), self._find_customer(request, other_id)
        check_may_change(request.user, one, other)
        list_url = reverse("admin:crm_duplicatepair_changelist")

        def apply(_values: dict[str, Any]) -> Done:
            dismiss_duplicate(customer_id=one.pk, other_id=other.pk, actor=actor_of(request))
            return Done(_("They are two. Nobody will be asked about them again."), list_url)

        page = FormPage(
            title=_("Not the same"),
            facts=[(_("One"), one), (_("The other"), other)],
            submit=_("They are two customers"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=merge_url(one.pk, other.pk),
        )
        return answer(self, request, page)

    def _mergeable_customers(self, request: HttpRequest) -> QuerySet:
        """Those that this colleague may see, if merging is theirs to do."""
        if not request.user.has_perm(MAY_MERGE):
            raise PermissionDenied
        return self.admin_site.get_model_admin(Customer).get_queryset(request)

    def _find_customer(self, request: HttpRequest, customer_id: UUID) -> Customer:
        customer: Customer | None = (
            self._mergeable_customers(request).select_related("company", "owner", "user").filter(pk=customer_id).first()
        )
        if customer is None:
            raise Http404(_("There is no such customer."))
        return customer
