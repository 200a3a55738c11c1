"""Deals, and moving them through their pipeline."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget

from crm.models.deal import Deal
from crm.models.pipeline import Stage, StageKind
from crm.services.move_deal import move_deal
from shared.admin.base import KontorAdmin, actor_of
from shared.admin.display import change_url, money, tag
from shared.admin.filters import KindFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.navigation import back_url
from shared.admin.newest import newest_of_each
from shared.lookups import one_of
from shared.money import round_money
from users.admin.customer import customers_matching

_COLOURS: dict[str, str] = {
    StageKind.OPEN.value: "info",
    StageKind.WON.value: "success",
    StageKind.LOST.value: "default",
}


class StageField(forms.ModelChoiceField):
    def label_from_instance(self, stage: Any) -> str:
        return f"{stage.pipeline}: {stage.name}"


class NewDealForm(forms.ModelForm):
    stage = StageField(
        queryset=Stage.objects.filter(kind=StageKind.OPEN)
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__name", "position"),
        widget=UnfoldAdminSelectWidget,
        empty_label=None,
        help_text="Where the deal stands; it decides the pipeline.",
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "stage" in values:
            self.instance.pipeline = values["stage"].pipeline
        return values


class DealForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        """The value in the currency's digits, not in the column's."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.instance._state.adding:
            self.initial["value"] = round_money(self.instance.value, self.instance.currency)


class MoveForm(StyledForm):
    stage = forms.ModelChoiceField(queryset=Stage.objects.none(), help_text="Where the deal stands now.")
    lost_reason = forms.CharField(
        max_length=200, required=False, help_text="Needed when it is lost, e.g. “too expensive”."
    )

    def __init__(self, deal: Deal, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"stage": deal.stage_id}, **kwargs)
        stages = Stage.objects.filter(pipeline=deal.pipeline_id).order_by("position", "id")
        self.fields["stage"].queryset = stages  # type: ignore[attr-defined]


@admin.register(Deal)
class DealAdmin(KontorAdmin):
    form = DealForm
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
    list_filter = [
        ("status", KindFilter),
        ("stage", RelatedDropdownFilter),
        ("owner", AutocompleteSelectFilter),
        ("customer", AutocompleteSelectFilter),
    ]
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)
    search_fields = ("customer",)
    search_help_text = "The beginning of the customer's name or e-mail address."
    empty_help = "A deal is a sale that may happen. Open one for a customer, or convert a lead."
    autocomplete_fields = ("customer", "owner", "order")
    readonly_fields = ("pipeline", "stage", "state", "lost_reason", "closed_at", "created_at", "updated_at")
    actions_detail = ("move",)
    fieldsets = (
        (
            None,
            {"fields": ("title", "customer", ("value", "currency"), ("expected_close", "owner"), "order")},
        ),
        ("Stage", {"fields": (("pipeline", "stage", "state"), ("lost_reason", "closed_at"))}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("title", "customer", "stage", ("value", "currency"), ("expected_close", "owner"))},
        ),
    )

    def get_form(self, request: HttpRequest, obj: Deal | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewDealForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Deal | None = None) -> tuple[str, ...]:
        return tuple(self.readonly_fields) if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("customer", "pipeline", "stage", "owner")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        customers = customers_matching(term)
        if queryset.query.where:  # a filter chooses among all of theirs
            return queryset.filter(one_of("customer", customers))
        return queryset.filter(one_of("pk", newest_of_each(Deal, "customer", customers, "created_at DESC, id DESC")))

    @display(description="customer")
    def customer_name(self, deal: Deal) -> str:
        return deal.customer.name

    @display(description="status")
    def state(self, deal: Deal) -> str:
        return tag(deal.get_status_display(), _COLOURS[deal.status])

    @display(description="value")
    def worth(self, deal: Deal) -> str:
        return money(deal.value, deal.currency)

    @action(
        description="Move to a stage",
        icon="arrow_forward",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.change_deal"],
    )
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        deal = self.find(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            moved = move_deal(
                deal_id=deal.pk,
                stage_id=values["stage"].pk,
                lost_reason=values["lost_reason"],
                actor=actor_of(request),
            )
            return Done(f"“{moved.title}” stands at {moved.stage} now.")

        page = FormPage(
            title=f"Move “{deal.title}”",
            facts=[
                ("Stage", deal.stage),
                ("Value", money(deal.value, deal.currency)),
                ("Customer", deal.customer),
            ],
            submit="Move the deal",
            form=MoveForm(deal, posted(request)),
            apply=apply,
            back_url=back_url(request, change_url(Deal, deal.pk)),
        )
        return answer(self, request, page)
