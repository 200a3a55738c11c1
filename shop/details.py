"""What may be said of the shop. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import phonenumbers
from django.utils.translation import gettext

from shared.zones import is_zone

Fault = tuple[str, str, str]  # pointer, code, words
_ONE_LINE = {
    *("name", "legal_name", "postal_code", "city", "region"),
    *("phone", "tax_number", "registration_number"),
}
_NOT_ON_A_LINE = {"Cc", "Zl", "Zp"}


def faults_of_details(values: Mapping[str, Any]) -> list[Fault]:
    """What columns alone do not see."""
    faults = list(_faults_of_lines(values))
    zone, region = values.get("time_zone"), values.get("phone_region")
    if zone is not None and not is_zone(zone):
        text = gettext("There is no time zone %(name)s: write it as in Europe/Kyiv.")
        faults.append(("/time_zone", "unknown_time_zone", text % {"name": zone}))
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        text = gettext("%(code)s is no region that has phone numbers.")
        faults.append(("/phone_region", "unknown_region", text % {"code": region}))
    return faults


def _faults_of_lines(values: Mapping[str, Any]) -> Iterator[Fault]:
    """They stand in headers of e-mails and on one line of a document."""
    for name in _ONE_LINE & values.keys():
        if any(unicodedata.category(letter) in _NOT_ON_A_LINE for letter in str(values[name] or "")):
            yield f"/{name}", "invalid", gettext("Write it on one line, without control characters.")


def tidy_account(account: Mapping[str, Any]) -> dict[str, Any]:
    """IBAN and BIC as they are compared: without what people put between the letters, in capitals."""
    # With the first account: processes that never see one need not load the formats of all countries.
    from stdnum import bic, iban

    # Blanks of all kinds first: a line break or a thin space is none that the package knows.
    plain = {name: "".join(str(account[name]).split()) for name in ("iban", "bic") if name in account}
    return {**account, **{name: (iban if name == "iban" else bic).compact(text) for name, text in plain.items()}}


def faults_of_account(account: Mapping[str, Any], at: str = "") -> list[Fault]:
    """Check digits, lengths by country, and the bank's code."""
    from stdnum import bic as bic_codes
    from stdnum import iban as iban_numbers

    faults: list[Fault] = []
    if "iban" in account and not _is_valid(iban_numbers, account["iban"]):
        faults.append(
            (f"{at}/iban", "invalid_iban", gettext("This is no IBAN: a digit or letter is wrong or missing."))
        )
    if account.get("bic") and not _is_valid(bic_codes, account["bic"]):
        faults.append((f"{at}/bic", "invalid_bic", gettext("This is no BIC: it has 8 or 11 letters and digits.")))
    return faults


def _is_valid(kind: Any, number: str) -> bool:
    return bool(kind.is_valid(number))
