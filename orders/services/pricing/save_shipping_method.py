"""Rules of shipping methods, for the admin and the API alike."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from orders.models.shipping_method import ShippingMethod
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, NotFound
from shared.money.checks import check_amounts

# Their shape alone: which countries there are changes, and a wrong code merely matches no address.
_COUNTRY = re.compile(r"[A-Z]{2}")


def read_countries(codes: Iterable[str]) -> list[str]:
    """ISO 3166 codes in capitals, each once, sorted. Raises InvalidInput."""
    countries = sorted({code.strip().upper() for code in codes})
    wrong = [code for code in countries if not _COUNTRY.fullmatch(code)]
    if wrong:
        text = gettext("No ISO codes of countries: %(codes)s.") % {"codes": ", ".join(wrong)}
        raise InvalidInput(("/countries", "invalid", text))
    return countries


def save_shipping_method(*, method_id: UUID | None, values: Mapping[str, Any]) -> ShippingMethod:
    """Make a shipping method, or change one. Raises NotFound, InvalidInput, AlreadyExists for a code that the currency
    has already. Locks: the method."""
    taken = {
        "shipping_method_code_once_a_currency": lambda: AlreadyExists(
            "/code", gettext("This code has a price in that currency already.")
        )
    }
    with named_constraints(taken), transaction.atomic():
        row = ShippingMethod() if method_id is None else _locked(method_id)
        for name, value in values.items():
            setattr(row, name, value)
        row.countries = read_countries(row.countries)
        check_amounts({"/price": row.price, "/free_from": row.free_from}, row.currency)
        row.save(update_fields=None if method_id is None else [*values, "updated_at"])
    return row


def _locked(method_id: UUID) -> ShippingMethod:
    """From here on, as an amount that one changes must fit the currency that another does."""
    row = ShippingMethod.objects.select_for_update(no_key=True).filter(pk=method_id).first()
    if row is None:
        raise NotFound(gettext("No such shipping method: %(code)s.") % {"code": method_id})
    return row
