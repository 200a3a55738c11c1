"""What is sold, in GraphQL: public as in REST."""

import strawberry

from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import by_id, embedded, extend, link, listed
from shared.graphql.kinds import Kind
from shared.graphql.scalars import BigInt, JSONValue, Money

PRODUCT = Kind(Door("product-list"), Door("product-detail", has_row=True))
VARIANT = Kind(Door("variant-list"), Door("variant-detail", has_row=True))
SELLER = Kind(Door("seller-list"), Door("seller-detail", has_row=True))


@strawberry.type(name="Seller", description="Whose stock is sold.")
class SellerNode:
    id: strawberry.ID
    name: str
    slug: str
    is_active: bool
    priority: int
    is_default: bool


@strawberry.type(name="Product", description="What is sold, with its variants.")
class ProductNode:
    id: strawberry.ID
    name: str
    slug: str
    description: str
    category: str | None = strawberry.field(description="The category's slug.")
    is_active: bool
    metadata: JSONValue = strawberry.field(description="Texts by key; shown to staff and keys alone.")


@strawberry.type(name="Variant", description="What an order line buys: one size, colour or package of a product.")
class VariantNode:
    id: strawberry.ID
    product_id: strawberry.ID
    product: ProductNode | None = link(PRODUCT, "product")
    sku: str
    name: str
    price: Money = strawberry.field(description="Net, with the digits of `currency`.")
    currency: str
    tax_rate: Money
    tax_class: str
    is_active: bool
    available: BigInt = strawberry.field(description="Units that all active stock levels together can still give.")
    backorder_limit: int
    barcode: str = strawberry.field(description="GTIN, or empty.")
    metadata: JSONValue = strawberry.field(description="Texts by key; shown to staff and keys alone.")


@strawberry.type(name="PictureUrls", description="WebP, each from the host on.")
class PictureUrls:
    large: str
    medium: str
    small: str


@strawberry.type(name="Picture", description="What a product looks like; the first one stands for it.")
class PictureNode:
    id: strawberry.ID
    variant_id: strawberry.ID | None
    variant: VariantNode | None = link(VARIANT, "variant", "Shown for this one alone; null: for all.")
    position: int
    alternative_text: str
    width: int
    height: int
    urls: PictureUrls


@extend(ProductNode)
class ProductBeneath:
    pictures: Connection[PictureNode] | None = embedded("pictures", PRODUCT.single, "Its pictures, in their order.")
    variants: Connection[VariantNode] | None = embedded("variants", PRODUCT.single, "Its variants, oldest first.")


@strawberry.input
class ProductFilter:
    """As the query parameters of GET /products."""

    name: str | None = strawberry.UNSET
    slug: str | None = strawberry.UNSET
    category: str | None = strawberry.UNSET
    is_active: bool | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.input
class VariantFilter:
    """As the query parameters of GET /variants."""

    product: strawberry.ID | None = strawberry.UNSET
    sku: str | None = strawberry.UNSET
    barcode: str | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    is_active: bool | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.input
class SellerFilter:
    """As the query parameters of GET /sellers."""

    slug: str | None = strawberry.UNSET
    is_active: bool | None = strawberry.UNSET


@strawberry.type
class GoodsQuery:
    product: ProductNode | None = by_id(PRODUCT, "One product.")
    products: Connection[ProductNode] | None = listed(PRODUCT, ProductFilter, "Products, newest first.")
    variant: VariantNode | None = by_id(VARIANT, "One variant.")
    variants: Connection[VariantNode] | None = listed(VARIANT, VariantFilter, "Variants, newest first.")
    seller: SellerNode | None = by_id(SELLER, "One seller.")
    sellers: Connection[SellerNode] | None = listed(SELLER, SellerFilter, "Sellers, newest first.")
