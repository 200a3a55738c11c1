"""Forms that keep the rules which the API's services keep."""

from typing import Any

from django import forms

from catalog.models.variant import Variant
from catalog.variant_price import check_price
from catalog.writing.slugs import free_slug
from shared.errors import InvalidInput
from shared.money.amounts import round_money
from shared.money.checks import check_amounts


class SlugForm(forms.ModelForm):
    """A slug left empty is made from the name, with something random behind it where that is taken."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """Of a new record the service makes it."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("name") and values.get("slug") == "" and not self.instance._state.adding:
            values["slug"] = free_slug(self._meta.model, values["name"], but=self.instance.pk)
        return values


def add_faults(form: forms.BaseForm, refusal: InvalidInput) -> None:
    """Show what a rule refused at the fields it names."""
    for fault in refusal.data["errors"]:
        name = fault["pointer"].strip("/")
        form.add_error(name if name in form.fields else None, fault["detail"])


class AmountsForm(forms.ModelForm):
    """Amounts in the currency beside them: whole minor units, shown with the currency's digits. Codes in capitals."""

    amounts: tuple[str, ...] = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        currency = self.instance.currency
        for name in self.amounts:
            value = getattr(self.instance, name)
            if currency and value is not None and not self.instance._state.adding:
                self.initial[name] = round_money(value, currency)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("currency"):
            try:
                check_amounts({f"/{name}": values.get(name) for name in self.amounts}, values["currency"])
            except InvalidInput as refusal:
                add_faults(self, refusal)
        return values


class VariantForm(forms.ModelForm):
    """Prices are whole minor units of their currency."""

    class Meta:
        model = Variant
        fields = (
            "product",
            "sku",
            "name",
            "price",
            "currency",
            "tax_rate",
            "tax_class",
            "backorder_limit",
            "is_active",
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The price in the currency's digits, not in the column's."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.instance._state.adding:
            self.initial["price"] = round_money(self.instance.price, self.instance.currency)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("price") is not None and values.get("currency"):
            try:
                check_price(values["price"], values["currency"])
            except InvalidInput as refusal:
                for fault in refusal.data["errors"]:
                    self.add_error(fault["pointer"].strip("/"), fault["detail"])
        return values
