"""Deals: their list, their page, and what is done from it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import (
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.models.variant import Variant
from crm.admin.bulk.views import actions_of
from crm.admin.deals.board import BoardPages
from crm.admin.deals.forms import DealForm, MoveForm, NewDealForm
from crm.admin.deals.lines import DealLineInline, is_ordered
from crm.admin.deals.ordering import order_page
from crm.admin.timeline.story import kept
from crm.models.deal import DEALS_BY_WORDS, Deal
from crm.models.deal_line import DealLine
from crm.models.pipeline import StageKind
from crm.pipeline.board import totals_of
from crm.pipeline.deal_checks import DealDetails
from crm.services.deals.delete_deal import delete_deal
from crm.services.deals.move_deal import move_deal
from crm.services.deals.open_deal import open_deal
from crm.services.deals.update_deal import DealChanges, update_deal
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, tag
from shared.admin.filters import KindFilter, RelatedFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import posted
from shared.admin.navigation import back_url
from shared.admin.saving import ServiceAdmin, Values
from shared.admin.search import only_with_words
from shared.money.amounts import round_money
from shared.planner.beginnings import begins
from users.admin.custom_values import WithCustomFields
from users.admin.owned import Owned
from users.models.custom_field import CustomFieldOwner

_COLOURS: dict[str, str] = {
    StageKind.OPEN.value: "info",
    StageKind.WON.value: "success",
    StageKind.LOST.value: "default",
}
_WORTH = ("value", "currency")


@admin.register(Deal)
class DealAdmin(BoardPages, WithCustomFields, Owned, ServiceAdmin):
    custom_owner = CustomFieldOwner.DEAL
    form = DealForm
    inlines = [DealLineInline]
    list_before_template = "admin/kontor/board_totals.html"
    list_display = (
        "title",
        "customer_name",
        "stage",
        "state",
        "worth",
        "expected_close",
        "owner",
        "created_at",
    )
    more_columns = ("probability", "lost_reason", "closed_at", "updated_at")
    opens_with = "status__exact=open"
    list_filter = [
        ("status", KindFilter),
        ("stage", RelatedDropdownFilter),
        ("owner", RelatedFilter),
        ("customer", RelatedFilter),
    ]
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)
    search_fields = ("customer",)
    search_help_text = gettext_lazy("Words of the title, or of the customer's name or e-mail address.")
    empty_help = gettext_lazy("A deal is a sale that may happen. Open one for a customer, or convert a lead.")
    autocomplete_fields = ("customer", "owner", "order")
    readonly_fields = ("worth",)
    actions = actions_of(Deal)
    actions_detail = ("place_order", "move")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    "customer",
                    _WORTH,
                    "probability",
                    "expected_close",
                    "owner",
                    "order",
                    "seen",
                )
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("title", "customer", ("stage", "owner"), _WORTH, ("probability", "expected_close"))},
        ),
    )

    class Media:
        js = ("crm/deal.js",)

    def get_urls(self) -> list[URLPattern]:
        prices = path("price/", self.admin_site.admin_view(self.price), name="crm_deal_price")
        return [prices, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Deal | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewDealForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Deal | None = None) -> Any:
        """Lines decide the value: then it is only shown."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not _has_lines(obj):
            return fieldsets
        main = [("worth" if field == _WORTH else field) for field in fieldsets[0][1]["fields"]]
        return [(fieldsets[0][0], {**fieldsets[0][1], "fields": main}), *fieldsets[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Deal | None = None) -> tuple[str, ...]:
        return tuple(self.readonly_fields) if obj is not None else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("customer", "pipeline", "stage", "owner")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The next step stands out: the order of what has lines, else another stage."""
        buttons: list[Any] = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        lines = DealLine.objects.filter(deal=OuterRef("pk"))
        deals = Deal.objects.filter(pk=object_id).annotate(has_lines=Exists(lines)).select_related("order")
        deal = deals.only("status", "order__status").first()
        may_order = deal is not None and deal.has_lines and deal.status != StageKind.LOST and not is_ordered(deal)
        is_open = deal is not None and deal.status == StageKind.OPEN
        following = "place_order" if may_order else "move" if is_open else ""
        for button in buttons:
            is_next = button.method.original_function_name == following
            button.variant = ActionVariant.PRIMARY if is_next else ActionVariant.DEFAULT
        return [one for one in buttons if may_order or one.method.original_function_name != "place_order"]

    def forgives_mistyping(self, request: HttpRequest) -> bool:
        """Deals are found by words of customers, too."""
        return super().forgives_mistyping(request) and request.user.has_perm("users.view_customer")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return only_with_words(queryset, DEALS_BY_WORDS, term, begins("title", term))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the sums of what is listed."""
        answered = super().changelist_view(request, extra_context)
        changes = getattr(answered, "context_data", None) or {}
        if isinstance(answered, TemplateResponse) and "cl" in changes:
            changes["totals"], changes["totals_are_least"] = totals_of(changes["cl"].queryset)
        return answered

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        """With what the page showed: whoever saved since is not overwritten."""
        values = super().values_of(request, form, change)
        return {**values, "seen": form.cleaned_data.get("seen")} if change else values

    def create_record(self, request: HttpRequest, values: Values) -> Deal:
        named = {name: values.pop(name) for name in ("title", "customer_id", "stage_id")}
        return open_deal(**named, actor=actor_of(request), details=cast("DealDetails", values))

    def change_record(self, request: HttpRequest, row: Deal, changes: Values) -> Deal:
        seen = changes.pop("seen")
        known = cast("DealChanges", changes)
        return update_deal(deal_id=row.pk, changes=known, actor=actor_of(request), expected_updated_at=seen)

    def delete_record(self, request: HttpRequest, row: Deal) -> None:
        delete_deal(deal_id=row.pk)

    def price(self, request: HttpRequest) -> JsonResponse:
        """What a variant costs by the catalogue, for the line's price field."""
        if not request.user.has_perm("crm.view_deal"):
            raise PermissionDenied
        try:
            variant = Variant.objects.filter(pk=UUID(request.GET.get("variant", ""))).first()
        except ValueError:
            variant = None
        if variant is None:
            return JsonResponse({"price": ""}, status=404)
        return JsonResponse({"price": f"{round_money(variant.price, variant.currency):f}"})

    @display(description=gettext_lazy("customer"))
    def customer_name(self, deal: Deal) -> str:
        return deal.customer.name

    @display(description=gettext_lazy("status"))
    def state(self, deal: Deal) -> str:
        return tag(deal.get_status_display(), _COLOURS[deal.status])

    @display(description=gettext_lazy("value"))
    def worth(self, deal: Deal) -> str:
        return money(deal.value, deal.currency)

    @action(
        description=gettext_lazy("Place order"),
        icon="shopping_cart_checkout",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.change_deal", "orders.add_order"],
    )
    def place_order(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, order_page(self, request, self.find_to_change(request, object_id)))

    @action(
        description=gettext_lazy("Move to a stage"),
        icon="arrow_forward",
        permissions=["crm.change_deal"],
    )
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        deal = self.find_to_change(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            moved = move_deal(
                deal_id=deal.pk,
                stage_id=values["stage"].pk,
                lost_reason=values["lost_reason"],
                actor=actor_of(request),
            )
            return Done(_("“%(title)s” stands at %(stage)s now.") % {"title": moved.title, "stage": moved.stage})

        page = FormPage(
            title=_("Move “%(title)s”") % {"title": deal.title},
            facts=[
                (_("Stage"), deal.stage),
                (_("Value"), money(deal.value, deal.currency)),
                (_("Customer"), deal.customer),
            ],
            submit=_("Move the deal"),
            form=MoveForm(deal, posted(request)),
            apply=apply,
            back_url=back_url(request, change_url(Deal, deal.pk)),
        )
        return answer(self, request, page)


def _has_lines(deal: Deal) -> bool:
    return kept(deal, "has_lines", lambda: DealLine.objects.filter(deal=deal).exists())
