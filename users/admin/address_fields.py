"""The fields of a postal address in a form of the admin."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared.values.addresses import LABELS, LIMITS, MAX_LINES, Address, address_of

ADDRESS_FIELDS = ("name", "company", "lines", "city", "region", "postal_code", "country", "phone")


def address_fields(prefix: str, label: str, address: Mapping[str, Any] | None) -> dict[str, forms.Field]:
    """Named prefix_city and so on, filled with the address; `label` stands before what each is called."""
    values: dict[str, Any] = dict(address or {})
    values["lines"] = "\n".join(values.get("lines", ()))
    return {
        f"{prefix}_{name}": _address_field(name, f"{label}: {str(LABELS[name]).lower()}", values.get(name, ""))
        for name in ADDRESS_FIELDS
    }


def _address_field(name: str, label: str, value: str) -> forms.Field:
    if name == "lines":
        most = MAX_LINES * (LIMITS["line"] + 2)
        lines = forms.CharField(label=label, initial=value, required=False, max_length=most)
        lines.widget = forms.Textarea(attrs={"rows": MAX_LINES})
        lines.help_text = _("Street and the like, up to three lines.")
        return lines
    help_text = _("ISO code of the country, e.g. UA.") if name == "country" else ""
    most = 2 if name == "country" else LIMITS[name]
    return forms.CharField(label=label, initial=value, required=False, max_length=most, help_text=help_text)


def typed_address(values: Mapping[str, Any], prefix: str) -> Address | None:
    """What was typed there; None for nothing."""
    typed = {name: values.get(f"{prefix}_{name}", "") for name in ADDRESS_FIELDS}
    typed["country"] = typed["country"].upper()
    address = address_of({**typed, "lines": typed["lines"].splitlines()})
    return address if any(address.values()) else None
