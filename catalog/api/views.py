"""What is sold, over HTTP: anyone reads what is active, staff write. DELETE hides."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import queries
from catalog.api import bodies, representations
from catalog.api.filters import CategoryFilters, ProductFilters, SellerFilters, VariantFilters
from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.pictures import pictures_of
from catalog.services.create_category import create_category
from catalog.services.create_product import create_product
from catalog.services.create_seller import create_seller
from catalog.services.create_variant import create_variant
from catalog.services.delete_category import delete_category
from catalog.services.update_category import update_category
from catalog.services.update_product import update_product
from catalog.services.update_seller import update_seller
from catalog.services.update_variant import update_variant
from shared.api.permissions import Needed, PublicReads
from shared.api.principal import staff_may
from shared.api.reads import Members, Row, ShapedReads, by_last_column, keys_of
from shared.api.schema import writes
from shared.api.shapes.shape import Shape, shape_of
from shared.planner.prepared import PreparedRows
from users.models.api_key import Scope

_VARIANT = shape_of(representations.VariantSerializer)


class CatalogResource(ShapedReads):
    """Public reads; writes by staff, and by their keys with catalog:write."""

    permission_classes = (PublicReads,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.CATALOG_WRITE}

    @property
    def sees_inactive(self) -> bool:
        return staff_may(self.request, f"catalog.view_{self.basename}")  # routes are named after their models


@writes(bodies.ProductBody, representations.ProductSerializer)
class ProductViewSet(CatalogResource):
    """Products with their variants."""

    serializer_class = representations.ProductSerializer
    shape = shape_of(representations.ProductSerializer)
    filterset_class = ProductFilters
    queryset = Product.objects.none()

    def get_queryset(self) -> Any:
        return PreparedRows.of(queries.products, include_inactive=self.sees_inactive)

    def show_rows(self, shape: Shape, rows: Sequence[Row]) -> Members:
        shown = super().show_rows(shape, rows)
        if "variants" in shape.names:
            variants = PreparedRows.of(queries.variants, include_inactive=self.sees_inactive)
            keys = keys_of(rows)
            of_products = variants.filter(product_id__in=keys).order_by("id")
            found = by_last_column(of_products, _VARIANT.columns("product_id"))
            for key, product in zip(keys, shown, strict=True):
                product["variants"] = super().show_rows(_VARIANT, found.get(key, ()))
        if asked := [name for name in ("pictures", "images") if name in shape.names]:
            of_each = pictures_of(keys_of(rows), include_inactive=self.sees_inactive)
            for key, product in zip(keys_of(rows), shown, strict=True):
                product.update(dict.fromkeys(asked, of_each.get(key, [])))
        return shown

    def create(self, request: Request) -> Response:
        product = create_product(**self.parse(bodies.ProductBody))
        return self.created(self.get_queryset().get(pk=product.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        changes = self.parse(bodies.ProductBody, partial=True)
        update_product(product_id=pk, changes=changes)  # type: ignore[arg-type]
        return self.show(self.get_queryset().get(pk=pk))

    def destroy(self, request: Request, pk: UUID) -> Response:
        update_product(product_id=pk, changes={"is_active": False})
        return Response(status=204)


@writes(bodies.VariantBody, representations.VariantSerializer, changes=bodies.VariantChangesBody)
class VariantViewSet(CatalogResource):
    """What an order line buys: one size, colour or package of a product."""

    serializer_class = representations.VariantSerializer
    shape = _VARIANT
    filterset_class = VariantFilters
    queryset = Variant.objects.none()

    def get_queryset(self) -> Any:
        return PreparedRows.of(queries.variants, include_inactive=self.sees_inactive)

    def create(self, request: Request) -> Response:
        variant = create_variant(**self.parse(bodies.VariantBody))
        return self.created(self.get_queryset().get(pk=variant.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        changes = self.parse(bodies.VariantChangesBody, partial=True)
        update_variant(variant_id=pk, changes=changes)  # type: ignore[arg-type]
        return self.show(self.get_queryset().get(pk=pk))

    def destroy(self, request: Request, pk: UUID) -> Response:
        update_variant(variant_id=pk, changes={"is_active": False})
        return Response(status=204)


@writes(bodies.SellerBody, representations.SellerSerializer)
class SellerViewSet(CatalogResource):
    """Whose stock is sold."""

    serializer_class = representations.SellerSerializer
    shape = shape_of(representations.SellerSerializer)
    filterset_class = SellerFilters
    queryset = Seller.objects.none()

    def get_queryset(self) -> Any:
        return PreparedRows.of(queries.sellers, include_inactive=self.sees_inactive)

    def create(self, request: Request) -> Response:
        return self.created(create_seller(**self.parse(bodies.SellerBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        changes = self.parse(bodies.SellerBody, partial=True)
        return self.show(update_seller(seller_id=pk, changes=changes))  # type: ignore[arg-type]

    def destroy(self, request: Request, pk: UUID) -> Response:
        update_seller(seller_id=pk, changes={"is_active": False})
        return Response(status=204)


@writes(bodies.CategoryBody, representations.CategorySerializer)
@extend_schema_view(destroy=extend_schema(description="Its products stay, without a category."))
class CategoryViewSet(CatalogResource):
    """Where products stand."""

    serializer_class = representations.CategorySerializer
    shape = shape_of(representations.CategorySerializer)
    filterset_class = CategoryFilters
    queryset = Category.objects.none()

    def get_queryset(self) -> Any:
        return PreparedRows.of(queries.categories)

    def create(self, request: Request) -> Response:
        return self.created(create_category(**self.parse(bodies.CategoryBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        changes = self.parse(bodies.CategoryBody, partial=True)
        return self.show(update_category(category_id=pk, changes=changes))  # type: ignore[arg-type]

    def destroy(self, request: Request, pk: UUID) -> Response:
        delete_category(category_id=pk)
        return Response(status=204)
