"""The pages on which staff receive stock, adjust it, and start stocking a variant somewhere."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory.models.level import MAX_ON_HAND, StockLevel
from inventory.services.adjust_stock import adjust_stock
from inventory.services.create_stock_level import create_stock_level
from inventory.services.receive_stock import receive_stock
from shared.admin.base import actor_of
from shared.admin.display import change_url, number
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import AutocompleteField, StyledForm, VersionForm, posted

_LIST_URL = "admin:inventory_stocklevel_changelist"


class QuantityForm(VersionForm):
    """A page sent twice, or over somebody else's change, is asked about again with the new quantities."""

    quantity = forms.IntegerField(label=_("Quantity"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, level: StockLevel, *args: object, **kwargs: object) -> None:
        self.level = level
        super().__init__(*args, initial={"version": level.version}, **kwargs)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        # Answered by the form and not by the service's refusal, so that the page comes back with the new quantities in
        # it and can be sent at once.
        if "version" in values and values["version"] != self.level.version:
            # A QueryDict that was posted cannot be written to; the next press is about the quantities that are shown
            # now.
            self.data = {**self.data, "version": str(self.level.version)}
            raise ValidationError(
                gettext(
                    "The stock has changed meanwhile: %(on_hand)s are on hand and %(reserved)s reserved now. "
                    "Check the quantity and continue."
                )
                % {"on_hand": number(self.level.on_hand), "reserved": number(self.level.reserved)}
            )
        return values


class AdjustForm(QuantityForm):
    quantity = forms.IntegerField(
        label=_("Change of the quantity on hand"),
        help_text=_("Units to add, or with a minus to take away, e.g. -2 for two broken ones."),
        validators=[MinValueValidator(-MAX_ON_HAND), MaxValueValidator(MAX_ON_HAND)],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Goes into the ledger, e.g. “stocktaking” or “damaged in transport”."),
    )


class ReceiveForm(QuantityForm):
    quantity = forms.IntegerField(
        label=_("Units received"), min_value=1, max_value=MAX_ON_HAND, help_text=_("How many arrived.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Goes into the ledger, e.g. the delivery note's number.")
    )


def _movement_arguments(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "quantity": values["quantity"],
        "reason": values["reason"],
        "expected_version": values["version"],
    }


def adjust_page(request: HttpRequest, level: StockLevel) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        adjust_stock(level_id=level.pk, actor=actor_of(request), **_movement_arguments(values))
        return Done(
            gettext("%(sku)s: the quantity on hand changed by %(quantity)s.")
            % {"sku": level.variant.sku, "quantity": number(values["quantity"], is_change=True)}
        )

    return _quantity_page(
        request,
        level,
        AdjustForm,
        title=gettext("Adjust stock of %(sku)s") % {"sku": level.variant.sku},
        submit=gettext("Adjust stock"),
        apply=apply,
    )


def receive_page(request: HttpRequest, level: StockLevel) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        receive_stock(level_id=level.pk, actor=actor_of(request), **_movement_arguments(values))
        return Done(
            ngettext(
                "%(sku)s: %(quantity)s unit received.", "%(sku)s: %(quantity)s units received.", values["quantity"]
            )
            % {"sku": level.variant.sku, "quantity": number(values["quantity"])}
        )

    return _quantity_page(
        request,
        level,
        ReceiveForm,
        title=gettext("Receive stock of %(sku)s") % {"sku": level.variant.sku},
        submit=gettext("Receive stock"),
        apply=apply,
    )


def _quantity_page(
    request: HttpRequest,
    level: StockLevel,
    form_class: type[QuantityForm],
    *,
    title: str,
    submit: str,
    apply: Callable[[dict[str, Any]], Done],
) -> FormPage:
    def preview(values: dict[str, Any]) -> list[tuple[str, object]]:
        # A minus too many is seen before the second press. Below what orders hold it may be shown, and is refused then.
        after = level.on_hand + values["quantity"]
        return [
            (gettext("On hand"), f"{number(level.on_hand)} → {number(after)}"),
            (gettext("Available"), f"{number(level.available)} → {number(after - level.reserved)}"),
            (gettext("Reason"), values["reason"]),
        ]

    return FormPage(
        title=title,
        intro=gettext("%(product)s at %(location)s.")
        % {"product": f"{level.variant.product.name} {level.variant.name}".strip(), "location": level.location},
        facts=[
            (gettext("On hand"), number(level.on_hand)),
            (gettext("Reserved by orders"), number(level.reserved)),
            (gettext("Available"), number(level.available)),
        ],
        submit=submit,
        form=form_class(level, posted(request)),
        preview=preview,
        apply=apply,
        back_url=change_url(StockLevel, level.pk),
    )


class AddLevelForm(StyledForm):
    on_hand = forms.IntegerField(
        label=_("On hand"), min_value=0, max_value=MAX_ON_HAND, initial=0, help_text=_("Units that lie there now.")
    )
    low_stock_threshold = forms.IntegerField(
        label=_("Low stock threshold"),
        required=False,
        min_value=0,
        max_value=2_147_483_647,
        help_text=_("Low when this few are available; empty: the shop's default."),
    )
    field_order = ("variant", "location", "on_hand", "low_stock_threshold")

    def __init__(self, site: admin.AdminSite, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"] = AutocompleteField(
            StockLevel._meta.get_field("variant"),
            site,
            label=gettext("Variant"),
            help_text=gettext("Search by SKU or product."),
        )
        self.fields["location"] = AutocompleteField(
            StockLevel._meta.get_field("location"),
            site,
            label=gettext("Location"),
            required=False,
            help_text=gettext("Search by location or seller. Empty: the default seller's first location."),
        )
        self.order_fields(self.field_order)


def add_level_page(model_admin: admin.ModelAdmin, request: HttpRequest) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        level = create_stock_level(
            variant_id=values["variant"].pk,
            location_id=values["location"].pk if values["location"] else None,
            on_hand=values["on_hand"],
            low_stock_threshold=values["low_stock_threshold"],
            actor=actor_of(request),
        )
        return Done(
            gettext("%(sku)s is stocked now, with %(on_hand)s on hand.")
            % {"sku": values["variant"].sku, "on_hand": number(level.on_hand)}
        )

    # A variant's page links here with itself chosen.
    chosen = {"variant": request.GET.get("variant")} if request.GET.get("variant") else None
    return FormPage(
        title=gettext("Stock a variant at a location"),
        intro=gettext("The first quantity goes into the ledger as received."),
        submit=gettext("Add stock level"),
        form=AddLevelForm(model_admin.admin_site, posted(request), initial=chosen),
        apply=apply,
        back_url=reverse(_LIST_URL),
    )
