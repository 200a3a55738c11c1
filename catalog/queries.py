"""Reads of the catalogue, each with what it counts and prefetches decided once."""

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from catalog.extension_points import available_units
from catalog.models.barcode import barcode_is
from catalog.models.category import Category
from catalog.models.picture import Picture
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant


def variants(*, include_inactive: bool) -> QuerySet[Variant]:
    """Variants with `available`: the units that all active levels together can still give. One statement."""
    rows = Variant.objects.annotate(available=available_units())
    return rows if include_inactive else rows.filter(is_active=True, product__is_active=True)


def products(*, include_inactive: bool) -> QuerySet[Product]:
    """Products with their category, variants and pictures: 3 statements for any page."""
    nested = variants(include_inactive=include_inactive).order_by("id")
    seen = Prefetch("pictures", pictures(include_inactive=include_inactive).order_by("position"))
    rows = Product.objects.select_related("category").prefetch_related(Prefetch("variants", nested), seen)
    return rows if include_inactive else rows.filter(is_active=True)


def pictures(*, include_inactive: bool) -> QuerySet[Picture]:
    """One that belongs to a variant is as public as the variant."""
    rows = Picture.objects.all()
    if include_inactive:
        return rows
    return rows.filter(Q(variant=None) | Q(variant__is_active=True), product__is_active=True)


def sellers(*, include_inactive: bool) -> QuerySet[Seller]:
    return Seller.objects.all() if include_inactive else Seller.objects.filter(is_active=True)


def categories() -> QuerySet[Category]:
    return Category.objects.all()


def read_as(code: str) -> Q:
    """Variants whose whole SKU or barcode it is, as a scanner types them: capitals aside, and zeros before a GTIN."""
    return Q(sku__in={code, code.upper()}) | barcode_is(code)


def find_variant_id(reference: str) -> UUID | None:
    """The variant with this id or SKU; an id wins over a SKU that looks like one."""
    matches = Q(sku=reference)
    key = _as_uuid(reference)
    if key is not None:
        matches |= Q(pk=key)
    found = list(Variant.objects.filter(matches).order_by().values_list("pk", flat=True))
    return key if key in found else next(iter(found), None)


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
