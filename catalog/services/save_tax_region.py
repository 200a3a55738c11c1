from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.tax import TaxRate, TaxRegion
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import NotFound

_TAKEN = {
    "tax_region_country_unique": lambda: AlreadyExists("/country", gettext("This country has a region already.")),
    "tax_rate_once_a_class": lambda: AlreadyExists("/rates", gettext("A class of goods has one rate, not two.")),
}


def save_tax_region(*, region_id: UUID | None, values: Mapping[str, Any]) -> TaxRegion:
    """Make a tax region, or change one. `rates` among the values, each {tax_class, name, rate}, replace all that it
    has. Raises NotFound, AlreadyExists. Locks the region."""
    values = dict(values)
    rates: Sequence[Mapping[str, Any]] | None = values.pop("rates", None)
    with named_constraints(_TAKEN), transaction.atomic():
        row = TaxRegion() if region_id is None else _lock_region(region_id)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        if rates is not None:
            # Replaced as a whole: nothing points at a rate, since orders keep what they were taxed by.
            row.rates.all().delete()
            TaxRate.objects.bulk_create(TaxRate(region=row, **rate) for rate in rates)
    return row


def _lock_region(region_id: UUID) -> TaxRegion:
    row = TaxRegion.objects.select_for_update().filter(pk=region_id).first()
    if row is None:
        raise NotFound(gettext("No such tax region: %(id)s.") % {"id": region_id})
    return row
