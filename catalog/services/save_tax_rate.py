"""One rate of a tax region, where the others stay."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalog.models.tax import TaxRate, TaxRegion
from shared.database.errors import AlreadyExists
from shared.database.write_row import delete_row, save_row

_ONCE = {
    "tax_rate_once_a_class": lambda: AlreadyExists("/tax_class", gettext("A class of goods has one rate, not two."))
}


def save_tax_rate(*, region_id: UUID, rate_id: UUID | None, values: Mapping[str, Any]) -> TaxRate:
    """Make a rate of the region, or change one. Raises NotFound, InvalidInput, AlreadyExists."""
    return save_row(TaxRate, key=rate_id, values={**values, "region_id": region_id}, refusals=_ONCE)


def delete_tax_rate(*, rate_id: UUID) -> None:
    """Goods of the rate's class are untaxed in the region then. Raises NotFound."""
    delete_row(TaxRate, key=rate_id)


def delete_tax_region(*, region_id: UUID) -> None:
    """Delete a region with its rates: each variant's own rate counts there then. Raises NotFound."""
    delete_row(TaxRegion, key=region_id)
