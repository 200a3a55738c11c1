"""Coupons, shipping methods, payment methods and deadlines."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.forms import AmountsForm
from orders.models.coupon import Coupon, CouponKind, CouponUse
from orders.models.hold_policy import HoldPolicy
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from orders.services.pricing.save_coupon import save_coupon
from orders.services.pricing.save_hold_policy import delete_hold_policy, save_hold_policy
from orders.services.pricing.save_payment_method import save_payment_method
from orders.services.pricing.save_shipping_method import save_shipping_method
from shared.admin.base import ReadOnlyInline, Undeletable
from shared.admin.display import money, object_link
from shared.admin.moments import DayOrMomentField
from shared.admin.saving import ServiceAdmin, Values
from shared.money.amounts import round_money

# A coupon's page shows its latest uses; the others are with their orders.
_SHOWN_USES = 50


class CouponForm(AmountsForm):
    amounts = ("min_subtotal",)
    # Shops think in days; a time is for the few coupons that begin at one.
    valid_from = DayOrMomentField(label=_("Valid from"), help_text=_("A day, and a time of it if need be."))
    valid_until = DayOrMomentField(
        label=_("Valid until"), is_end=True, help_text=_("The last day; with a time, the end.")
    )

    class Meta:
        model = Coupon
        fields = (
            "code",
            "kind",
            "value",
            "currency",
            "min_subtotal",
            "customer_group",
            "valid_from",
            "valid_until",
            "usage_limit",
            "customer_limit",
            "is_active",
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Kept with three decimals for all currencies: shown as people write it, 10 and not 10.000, or 5.00 of a
        # currency.
        coupon = self.instance
        if not coupon._state.adding:
            is_amount = coupon.kind == CouponKind.AMOUNT and coupon.currency
            self.initial["value"] = (
                round_money(coupon.value, coupon.currency) if is_amount else f"{coupon.value.normalize():f}"
            )

    def clean_code(self) -> str:
        # Buyers type codes in any case; they are compared in capitals.
        return str(self.cleaned_data["code"]).strip().upper()


class CouponUseInline(ReadOnlyInline):
    model = CouponUse
    fields = ("order_link", "customer", "taken_off", "created_at")
    readonly_fields = fields
    verbose_name_plural = _("latest uses")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        uses: QuerySet = super().get_queryset(request)
        # A slice cannot be filtered further, which the formset does; so its keys are a subquery.
        latest = CouponUse.objects.order_by("-id")
        coupon_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        keys = latest.filter(coupon_id=coupon_id).values("pk")[:_SHOWN_USES] if coupon_id else []
        return uses.select_related("order", "customer").filter(pk__in=keys).order_by("-id")

    @display(description=_("order"))
    def order_link(self, use: CouponUse) -> str:
        return object_link(use.order, use.order.number)

    @display(description=_("discount"))
    def taken_off(self, use: CouponUse) -> str:
        return money(use.amount, use.order.currency)


@admin.register(Coupon)
class CouponAdmin(Undeletable, ServiceAdmin):
    """Coupons are switched off, not deleted: orders say which one they used."""

    form = CouponForm
    list_display = ("code", "kind", "what_it_gives", "uses", "valid_from", "valid_until", "is_active")
    list_filter = [("is_active", BooleanRadioFilter), ("kind", ChoicesDropdownFilter)]
    ordering = ("-id",)
    # Uses change with every order: an index for sorting by them would be written on the way of placing.
    sortable_by = ("code",)
    search_fields = ("code",)
    search_help_text = _("The beginning of a code.")
    empty_help = _("A coupon is a code that takes something off an order or its shipping.")
    autocomplete_fields = ("customer_group",)
    inlines = [CouponUseInline]
    # Counted by placing and cancelling under the coupon's lock; the form shows a count that may be old already.
    readonly_fields = ("used_count",)
    fieldsets = (
        (None, {"fields": ("code", ("kind", "value", "currency"), "is_active")}),
        (_("For whom and when"), {"fields": (("min_subtotal", "customer_group"), "valid_from", "valid_until")}),
        (_("How often"), {"fields": (("usage_limit", "customer_limit", "used_count"),)}),
    )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # Codes are kept in capitals, so the plain index answers for any case.
        return queryset.filter(code__startswith=term.upper())

    def create_record(self, request: HttpRequest, values: Values) -> Coupon:
        return save_coupon(coupon_id=None, values=values)

    def change_record(self, request: HttpRequest, row: Coupon, changes: Values) -> Coupon:
        return save_coupon(coupon_id=row.pk, values=changes)

    @display(description=_("gives"))
    def what_it_gives(self, coupon: Coupon) -> str:
        if coupon.kind == CouponKind.AMOUNT:
            return money(coupon.value, coupon.currency)
        return f"{coupon.value.normalize():f} %" if coupon.kind == CouponKind.PERCENT else "\N{EN DASH}"

    @display(description=_("used"))
    def uses(self, coupon: Coupon) -> str:
        limit = "" if coupon.usage_limit is None else f" / {coupon.usage_limit}"
        return f"{coupon.used_count}{limit}"


class ShippingMethodForm(AmountsForm):
    amounts = ("price", "free_from")
    countries = forms.CharField(
        label=_("Countries"),
        required=False,
        help_text=_("ISO codes it goes to, e.g. DE, UA; empty: all."),
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = ShippingMethod
        fields = ("code", "name", "currency", "price", "free_from", "tax_rate", "countries", "is_active", "position")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["countries"] = ", ".join(self.instance.countries)

    def clean_countries(self) -> list[str]:
        # Split here, checked by the service: REST sends a list and needs the same check.
        return str(self.cleaned_data.get("countries") or "").replace(",", " ").split()


@admin.register(ShippingMethod)
class ShippingMethodAdmin(Undeletable, ServiceAdmin):
    """Shipping methods are switched off, not deleted: orders name them."""

    form = ShippingMethodForm
    list_display = ("name", "code", "cost", "country_list", "is_active", "position")
    list_filter = [("is_active", BooleanRadioFilter)]
    sortable_by = ("position", "name")
    search_fields = ("name",)
    search_help_text = _("The beginning of a method's name.")
    empty_help = _("A shipping method is how goods travel, and what that costs in one currency.")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "code"),
                    ("price", "currency", "free_from"),
                    ("tax_rate", "countries"),
                    ("is_active", "position"),
                )
            },
        ),
    )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> ShippingMethod:
        return save_shipping_method(method_id=None, values=values)

    def change_record(self, request: HttpRequest, row: ShippingMethod, changes: Values) -> ShippingMethod:
        return save_shipping_method(method_id=row.pk, values=changes)

    @display(description=_("price"))
    def cost(self, method: ShippingMethod) -> str:
        return money(method.price, method.currency)

    @display(description=_("countries"))
    def country_list(self, method: ShippingMethod) -> str:
        return ", ".join(method.countries) or str(_("all"))


@admin.register(PaymentMethod)
class PaymentMethodAdmin(Undeletable, ServiceAdmin):
    """Payment methods are switched off, not deleted: orders name them."""

    list_display = ("name", "code", "provider", "minutes", "chosen_by", "is_staff_default", "is_active", "position")
    list_filter = [("is_active", BooleanRadioFilter)]
    sortable_by = ("position", "name")
    empty_help = _("A payment method tells buyers how to pay, and says until when an order is to be paid.")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "code"),
                    "instructions",
                    ("provider", "minutes"),
                    ("chosen_by", "is_staff_default"),
                    ("is_active", "position"),
                )
            },
        ),
    )

    def create_record(self, request: HttpRequest, values: Values) -> PaymentMethod:
        return save_payment_method(method_id=None, values=values)

    def change_record(self, request: HttpRequest, row: PaymentMethod, changes: Values) -> PaymentMethod:
        return save_payment_method(method_id=row.pk, values=changes)


@admin.register(HoldPolicy)
class HoldPolicyAdmin(ServiceAdmin):
    list_display = ("__str__", "payment_method", "customer_group", "minutes", "max_extensions", "extension_minutes")
    list_select_related = ("customer_group",)
    empty_help = _("Without deadlines of their own, all unpaid orders hold their stock equally long.")
    autocomplete_fields = ("customer_group",)
    fieldsets = (
        (None, {"fields": (("payment_method", "customer_group"), "minutes", ("max_extensions", "extension_minutes"))}),
    )

    def create_record(self, request: HttpRequest, values: Values) -> HoldPolicy:
        return save_hold_policy(policy_id=None, values=values)

    def change_record(self, request: HttpRequest, row: HoldPolicy, changes: Values) -> HoldPolicy:
        return save_hold_policy(policy_id=row.pk, values=changes)

    # Unlike its neighbours above: orders keep the deadline they were given, and name no policy.
    def delete_record(self, request: HttpRequest, row: HoldPolicy) -> None:
        delete_hold_policy(policy_id=row.pk)
