"""What can be ordered, read without locks in one statement: variants with their price and their active stock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField

from catalog.models.price_list import Price
from catalog.models.tax import TaxClass, TaxRegion
from catalog.models.variant import Variant
from shared.planner.compiled_query import CompiledQuery, EqualsAny, Param
from users.models.customer import Customer
from users.queries import country_of_delivery


@dataclass(frozen=True, slots=True)
class Stock:
    """One active stock level. `rank` sorts by seller, then location, each by priority."""

    level_id: UUID
    seller_id: UUID
    seller_is_default: bool
    rank: tuple[int, UUID, int, UUID]
    available: int


@dataclass(frozen=True, slots=True)
class SellableVariant:
    """A variant as it would be sold now, to whoever has no prices or taxes of their own. `unit_price` is net, in
    `currency`; `tax_rate` a share. `has_terms`: some active price list names it, or a customer it was read for lives
    where taxes are. `backorder_limit`: so many units may be sold beyond the stock."""

    variant_id: UUID
    sku: str
    name: str
    unit_price: Decimal
    currency: str
    tax_rate: Decimal
    is_active: bool
    stock: list[Stock] = field(default_factory=list)
    tax_class: str = TaxClass.STANDARD
    has_terms: bool = False
    backorder_limit: int = 0


def read_sellables(references: Iterable[str], *, customer_ids: Iterable[UUID] = ()) -> dict[str, SellableVariant]:
    """Sellable variants by what they were asked for: a variant's id or its SKU. What does not exist is missing from the
    answer. The customers are those who would buy."""
    wanted = set(references)
    rows = _SELLABLES.fetch(
        ids=[UUID(ref) for ref in wanted if _is_uuid(ref)], skus=list(wanted), customers=list(customer_ids)
    )
    sellables: dict[UUID, SellableVariant] = {}
    for variant_id, sku, name, product, price, currency, tax, active, product_active, *special in rows:
        tax_class, listed, taxed, ahead, *stock = special
        sellable = sellables.get(variant_id)
        if sellable is None:
            full_name = f"{product} {name}".strip()
            sellables[variant_id] = sellable = SellableVariant(
                variant_id,
                sku,
                full_name,
                price,
                currency,
                tax,
                active and product_active,
                [],
                tax_class,
                listed is not None or taxed,
                ahead,
            )
        _add_stock(sellable, stock)
    by_sku = {sellable.sku: sellable for sellable in sellables.values()}
    return {ref: found for ref in wanted if (found := _find_by_id_or_sku(ref, sellables, by_sku)) is not None}


def _sellables_by_reference() -> QuerySet:
    by_id = EqualsAny("pk", Param("ids", UUIDField()))
    asked_for = Q(by_id) | Q(EqualsAny("sku", Param("skus", CharField())))
    free = F("stock_levels__on_hand") - F("stock_levels__reserved")
    # Whether anything is special is told by the statement that is needed anyway: a plain order costs no other.
    # A scalar, because PostgreSQL may answer EXISTS of all variants at once: by reading every price there is.
    prices = Price.objects.filter(variant=OuterRef("pk"), price_list__is_active=True)
    listed = Subquery(prices.order_by().values("pk")[:1])
    buyers = Customer.objects.filter(EqualsAny("pk", Param("customers", UUIDField())))
    goes_to = buyers.annotate(goes_to=country_of_delivery())
    taxed = goes_to.filter(goes_to__in=TaxRegion.objects.values("country"))
    return (
        Variant.objects.annotate(free=free, listed=listed, taxed=Exists(taxed))
        .filter(asked_for)
        .order_by()
        .values_list(
            "id",
            "sku",
            "name",
            "product__name",
            "price",
            "currency",
            "tax_rate",
            "is_active",
            "product__is_active",
            "tax_class",
            "listed",
            "taxed",
            "backorder_limit",
            "stock_levels__id",
            "free",
            "stock_levels__location_id",
            "stock_levels__location__priority",
            "stock_levels__location__is_active",
            "stock_levels__location__seller_id",
            "stock_levels__location__seller__priority",
            "stock_levels__location__seller__is_active",
            "stock_levels__location__seller__is_default",
        )
    )


_SELLABLES = CompiledQuery(_sellables_by_reference)


def _add_stock(sellable: SellableVariant, columns: list[Any]) -> None:
    level_id, free, location_id, location_priority, location_active, *seller = columns
    seller_id, seller_priority, seller_active, is_default = seller
    if level_id is not None and location_active and seller_active:
        rank = (seller_priority, seller_id, location_priority, location_id)
        sellable.stock.append(Stock(level_id, seller_id, is_default, rank, free))


def _find_by_id_or_sku(
    ref: str, by_id: dict[UUID, SellableVariant], by_sku: dict[str, SellableVariant]
) -> SellableVariant | None:
    return (by_id.get(UUID(ref)) if _is_uuid(ref) else None) or by_sku.get(ref)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
