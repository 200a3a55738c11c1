"""Disputes: the queue of those that wait for an answer, the nearest deadline first, and an order's own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display

from orders.admin.orders.search import orders_matching
from orders.models.dispute import Dispute
from orders.services.payments.record_dispute import close_dispute
from orders.states import DisputeStatus
from shared.admin.base import ReadOnlyAdmin, RecordTable, actor_of
from shared.admin.display import change_url, countdown, money, object_link, tag
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.planner.lookups import filter_by_keys

_COLOURS = {
    DisputeStatus.NEEDS_RESPONSE.value: "danger",
    DisputeStatus.LOST.value: "default",
    DisputeStatus.WON.value: "success",
}


class DisputeQueueFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("Open"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "open":
            return queryset
        # The one whose evidence is due first comes first; one without a date has time.
        return queryset.filter(closed_at__isnull=True).order_by(F("evidence_due_at").asc(), "id")


class CloseForm(StyledForm):
    note = forms.CharField(label=_("Note"), max_length=200, help_text=_("Why; it stays in the order's history."))


# A base of both and no function: the admin looks columns up on the class.
class _Shown:
    """What both the list and an order's page show of one."""

    @display(description=_("amount"))
    def taken(self, dispute: Dispute) -> str:
        return money(dispute.amount, dispute.currency)

    @display(description=_("status"))
    def state(self, dispute: Dispute) -> str:
        return tag(dispute.get_status_display(), _COLOURS.get(dispute.status, "warning"))

    @display(description=_("evidence due"))
    def due(self, dispute: Dispute) -> str:
        return countdown(dispute.evidence_due_at) if dispute.evidence_due_at and not dispute.closed_at else "-"


@admin.register(Dispute)
class DisputeAdmin(_Shown, ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "kind", "taken", "state", "funds", "due", "reason", "provider")
    list_display_links = ("created_at",)
    list_select_related = ("order",)
    opens_with = "queue=open"
    list_filter = [DisputeQueueFilter]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("A payer who has the bank take money back appears here, as payment providers tell of it.")
    fields = (
        ("order_link", "payment"),
        ("kind", "taken", "state", "funds"),
        ("reason", "due", "evidence_due_at"),
        ("provider", "provider_id"),
        ("created_at", "updated_at", "closed_at"),
    )
    readonly_fields = ("order_link", "taken", "state", "due")
    actions_detail = ("close",)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may happen next."""
        # A dispute has one button, so one statement that reads no row is enough.
        is_open = Dispute.objects.filter(pk=object_id, closed_at__isnull=True).exists()
        return super().get_actions_detail(request, object_id) if is_open else []  # type: ignore[misc]

    @action(description=_("Close"), icon="done_all", permissions=["orders.refund_order"])
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, _close_page(request, self.find(request, object_id)))

    @display(description=_("order"))
    def order_link(self, dispute: Dispute) -> str:
        return object_link(dispute.order)


class DisputeInline(_Shown, RecordTable):
    model = Dispute
    fields = ("dispute", "kind", "taken", "state", "funds", "due", "reason", "closed_at")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("disputes")

    @display(description=_("opened at"))
    def dispute(self, dispute: Dispute) -> str:
        return object_link(dispute)


def _close_page(request: HttpRequest, dispute: Dispute) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        # By hand only where a provider tells nothing more; what it tells later wins.
        closed = close_dispute(dispute_id=dispute.pk, actor=actor_of(request), note=values["note"])
        return Done(gettext("The dispute of order %(number)s is closed.") % {"number": closed.order.number})

    return FormPage(
        title=gettext("Is this dispute dealt with?"),
        intro=gettext("It leaves the queue, and its order may be shipped again. What the provider tells later counts."),
        facts=[
            (gettext("Order"), dispute.order.number),
            (gettext("Amount"), money(dispute.amount, dispute.currency)),
            (gettext("Status"), dispute.get_status_display()),
        ],
        submit=gettext("Close it"),
        form=CloseForm(posted(request)),
        apply=apply,
        back_url=change_url(Dispute, dispute.pk),
    )
