"""The fields of a postal address in a form of the admin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import json_script
from django.utils.translation import gettext_lazy as _

from shared.values.address_labels import field_label, kind_names, labels_of_countries
from shared.values.addresses import LIMITS, MAX_LINES, Address, address_of

ADDRESS_FIELDS = ("name", "company", "lines", "city", "region", "postal_code", "country", "phone")


@dataclass(frozen=True)
class AddressRules:
    """For the script, by country: what fields are called and which it wants, where not as usual. A part of the media,
    as these are written into a page once however many addresses it has; in the language of whoever looks."""

    def __html__(self) -> str:
        rules = {
            "names": {name: kind_names(name) for name in ("lines", "city", "region", "postal_code")},
            "countries": {code: [known.kinds, sorted(known.required)] for code, known in labels_of_countries().items()},
        }
        return json_script(rules, "address-rules")


class AddressForm(forms.Form):
    """A form that has address fields: what they are called follows the country that is typed."""

    class Media:
        js = (AddressRules(), "users/address.js")

    def add_address(self, prefix: str, label: str, address: Mapping[str, Any] | None) -> None:
        """Fields named prefix_city and so on, filled with the address; `label` stands before what each is called."""
        values: dict[str, Any] = dict(address or {})
        values["lines"] = "\n".join(values.get("lines", ()))
        typed = self.data.get(f"{prefix}_country", values.get("country", ""))
        for name in ADDRESS_FIELDS:
            self.fields[f"{prefix}_{name}"] = _address_field(name, label, values.get(name, ""), str(typed))


def _address_field(name: str, label: str, value: str, country: str) -> forms.Field:
    called, is_required = field_label(name, country)
    text = f"{label}: {called}{' *' if is_required else ''}"
    shown: dict[str, Any] = {"label": text, "initial": value, "required": False}
    if name == "lines":
        most = MAX_LINES * (LIMITS["line"] + 2)
        field = forms.CharField(**shown, max_length=most, widget=forms.Textarea(attrs={"rows": MAX_LINES}))
        field.help_text = _("Street and the like, up to three lines.")
    elif name == "country":
        field = forms.CharField(**shown, max_length=2, help_text=_("ISO code of the country, e.g. UA."))
        field.widget.attrs["data-address-label"] = label
    else:
        field = forms.CharField(**shown, max_length=LIMITS[name])
    if is_required:
        field.widget.attrs["aria-required"] = "true"  # the service requires it, of an address that is not empty
    return field


def typed_address(values: Mapping[str, Any], prefix: str) -> Address | None:
    """What was typed there; None for nothing."""
    typed = {name: values.get(f"{prefix}_{name}", "") for name in ADDRESS_FIELDS}
    typed["country"] = typed["country"].upper()
    address = address_of({**typed, "lines": typed["lines"].splitlines()})
    return address if any(address.values()) else None
