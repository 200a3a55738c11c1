"""Shop, among the settings: one page, no list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from shared.admin.base import Undeletable
from shared.admin.display import change_url
from shared.admin.form_page import answer
from shared.admin.forms import RowForm, posted
from shared.admin.saving import ServiceAdmin, ServiceRows, Values
from shared.errors import Refusal
from shared.files.pictures import ACCEPT, Taken
from shared.files.uploads import TakesPictures, taken_of
from shared.zones import zones_with_offsets
from shop.admin.address_lines import AddressLines
from shop.admin.first_steps import first_steps_page
from shop.current import current_shop
from shop.details import tidy_account
from shop.models.bank_account import MAX_BANK_ACCOUNTS, BankAccount
from shop.models.shop import ADDRESS_LINES, Shop
from shop.services.ensure_shop import ensure_shop
from shop.services.save_bank_account import delete_bank_account, save_bank_account
from shop.services.set_logo import set_logo, take_logo
from shop.services.update_shop import update_shop


def _zones() -> list[tuple[str, str]]:
    return [(name, f"{name.replace('_', ' ')} ({offset})") for name, offset in zones_with_offsets()]


class ShopForm(forms.ModelForm):
    address_lines = AddressLines(
        label=_("Street and number"),
        required=False,
        help_text=_("Up to three lines."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": ADDRESS_LINES}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("Whose days and hours the shop's are."),
        widget=UnfoldAdminSelectWidget(),
    )

    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ACCEPT}),
        help_text=_("In the header, on the sign-in page and on documents from now on: JPEG, PNG, WebP, GIF or AVIF."),
    )
    without_logo = forms.BooleanField(label=_("Take the logo away"), required=False, widget=UnfoldBooleanSwitchWidget())

    class Meta:
        model = Shop
        fields = (
            *("name", "legal_name", "email", "phone", "address_lines", "postal_code", "city", "region", "country"),
            *("tax_number", "registration_number", "payment_terms", "invoice_footer"),
            *("currency", "time_zone", "phone_region"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["time_zone"]
        kept = self.instance.time_zone
        if kept not in dict(offered.choices):  # an older name; without it a browser would send the list's first
            offered.choices = [(kept, kept.replace("_", " ")), *offered.choices]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("new_logo") and values.get("without_logo"):
            self.add_error("without_logo", gettext("Either a new logo or none."))
        return values

    def clean_new_logo(self) -> Taken | None:
        file = self.cleaned_data["new_logo"]
        try:
            return taken_of(file, take_logo) if file else None
        except Refusal as refusal:
            raise forms.ValidationError(refusal.detail) from None

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_phone_region(self) -> str:
        return str(self.cleaned_data["phone_region"]).strip().upper()


class BankAccountForm(RowForm):
    iban = forms.CharField(label=_("IBAN"), max_length=50)  # as people write it, with blanks
    bic = forms.CharField(label=_("BIC"), max_length=20, required=False)

    class Meta:
        model = BankAccount
        fields = ("iban", "bic", "bank", "currency")

    def clean_iban(self) -> str:
        return str(tidy_account(self.cleaned_data)["iban"])

    def clean_bic(self) -> str:
        return str(tidy_account(self.cleaned_data)["bic"])


class BankAccountInline(ServiceRows, TabularInline):
    model = BankAccount
    form = BankAccountForm
    fields = ("iban", "bic", "bank", "currency")
    extra = 0
    max_num = MAX_BANK_ACCOUNTS
    hide_title = True

    def create_row(self, request: HttpRequest, record: Shop, values: Values) -> BankAccount:
        return save_bank_account(account_id=None, values=values)

    def change_row(self, request: HttpRequest, row: BankAccount, changes: Values) -> BankAccount:
        return save_bank_account(account_id=row.pk, values=changes)

    def delete_row(self, request: HttpRequest, row: BankAccount) -> None:
        delete_bank_account(account_id=row.pk)


@admin.register(Shop)
class ShopAdmin(TakesPictures, Undeletable, ServiceAdmin):
    form = ShopForm
    picture_fields = "new_logo"
    inlines = [BankAccountInline]
    actions_detail = ("show_first_steps",)
    fieldsets = (
        (None, {"fields": (("name", "legal_name"), ("email", "phone"), ("new_logo", "without_logo"))}),
        (_("Address"), {"fields": ("address_lines", ("postal_code", "city"), ("region", "country"))}),
        (_("On documents"), {"fields": (("tax_number", "registration_number"), "payment_terms", "invoice_footer")}),
        (_("What counts where nothing else is said"), {"fields": (("currency", "time_zone", "phone_region"),)}),
    )

    def take_sent(self, data: bytes) -> Taken:
        return take_logo(data)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What was hidden can be shown."""
        return super().get_actions_detail(request, object_id) if current_shop().is_checklist_dismissed else []  # type: ignore[misc]

    @action(description=_("Show the first steps again"), icon="checklist", permissions=["change"])
    def show_first_steps(self, request: HttpRequest, object_id: str) -> HttpResponse:
        shop = self.find(request, object_id)
        if not self.has_change_permission(request, shop):
            raise PermissionDenied
        return answer(self, request, first_steps_page(posted(request), change_url(Shop, shop.pk)))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one: straight to it."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:shop_shop_change", args=[ensure_shop().pk]))

    def change_record(self, request: HttpRequest, row: Shop, changes: Values) -> Shop:
        file, is_without = changes.pop("new_logo", None), changes.pop("without_logo", False)
        shop = update_shop(changes=changes)
        if file is not None or is_without:  # last, so that no file is kept of what was refused
            shop = set_logo(data=file)
        return shop
