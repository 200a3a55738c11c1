"""What forms of the catalogue have in common: slugs, and amounts in the digits of their currency."""

from typing import Any

from django import forms

from catalog.models.variant import Variant
from catalog.writing.slugs import free_slug
from shared.money.amounts import round_money


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


class AmountsForm(forms.ModelForm):
    """Amounts are shown with the digits of the currency beside them; its code is in capitals."""

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


class VariantForm(forms.ModelForm):
    """A variant, on its own page and in its product's."""

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
            "barcode",
            "metadata",
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The price in the currency's digits, not in the column's."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.instance._state.adding:
            self.initial["price"] = round_money(self.instance.price, self.instance.currency)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()
