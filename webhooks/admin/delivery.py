"""What was sent, is to be sent, and what came of each try."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from shared.admin.base import ReadOnlyAdmin, ReadOnlyInline
from shared.admin.display import moment, object_link, tag
from shared.admin.form_page import answer
from webhooks.admin.pages import redelivery_page
from webhooks.endpoints.visibility import check_may_change, endpoints_shown
from webhooks.models.attempt import Attempt
from webhooks.models.delivery import Delivery, DeliveryState

_COLOURS = {DeliveryState.DELIVERED.value: "success", DeliveryState.FAILED.value: "danger"}


class AttemptInline(ReadOnlyInline):
    """The timeline of tries."""

    model = Attempt
    fields = ("at", "status", "milliseconds", "error", "answer")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("attempts")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "event_type", "endpoint_link", "shown_state", "tries", "shown_due")
    list_display_links = ("created_at",)
    list_select_related = ("endpoint",)
    list_filter = (("state", ChoicesDropdownFilter),)
    linked_filters = ("endpoint__id__exact",)  # from an endpoint's page
    ordering = ("-id",)
    empty_help = _("Every event that an endpoint asks for is sent to it once, and again until it is taken.")
    fields = (
        ("endpoint_link", "shown_state"),
        ("event_type", "event_id"),
        ("aggregate_id", "position"),
        ("tries", "shown_due"),
        ("created_at", "done_at"),
    )
    readonly_fields = ("endpoint_link", "shown_state", "shown_due", "created_at")
    inlines = (AttemptInline,)
    actions_detail = ("redeliver",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        shown = endpoints_shown(request.user).select_related(None).order_by().values("pk")
        return super().get_queryset(request).filter(endpoint__in=shown)

    @display(description=_("endpoint"))
    def endpoint_link(self, delivery: Delivery) -> str:
        return object_link(delivery.endpoint)

    @display(description=_("state"))
    def shown_state(self, delivery: Delivery) -> str:
        return tag(delivery.get_state_display(), _COLOURS.get(delivery.state, "info"))

    @display(description=_("next try"))
    def shown_due(self, delivery: Delivery) -> str:
        return moment(delivery.due_at if delivery.state == DeliveryState.PENDING else None)

    @action(description=_("Deliver again"), icon="replay", permissions=["webhooks.change_endpoint"])
    def redeliver(self, request: HttpRequest, object_id: str) -> HttpResponse:
        delivery = self.find(request, object_id)
        check_may_change(request.user, delivery.endpoint)
        return answer(self, request, redelivery_page(request, delivery))
