"""The catalogue as it is shown over HTTP."""

from rest_framework import serializers

from catalog.api.pictures.representations import PictureSerializer
from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from shared.api.serializers import Metadata, MoneyAmount


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ["id", "name", "slug"]
        read_only_fields = fields


class SellerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Seller
        fields = ["id", "name", "slug", "is_active", "priority", "is_default"]
        read_only_fields = fields


class VariantSerializer(serializers.ModelSerializer):
    product = serializers.UUIDField(source="product_id")
    price = MoneyAmount(help_text="Net, with the digits of `currency`.")
    available = serializers.IntegerField(help_text="Units that all active stock levels together can still give.")
    barcode = serializers.CharField(allow_blank=True, help_text="GTIN, or empty.")
    metadata = Metadata()

    class Meta:
        model = Variant
        fields = [
            "id",
            "product",
            "sku",
            "name",
            "price",
            "currency",
            "tax_rate",
            "tax_class",
            "is_active",
            "available",
            "backorder_limit",
            "barcode",
            "metadata",
        ]
        read_only_fields = fields


class ProductSerializer(serializers.ModelSerializer):
    category = serializers.SlugField(
        source="category.slug", default=None, allow_null=True, help_text="The category's slug."
    )
    variants = VariantSerializer(many=True)
    pictures = PictureSerializer(many=True, help_text="The first one stands for the product.")
    # Clients were promised this name; they have pictures of their own at /pictures.
    images = PictureSerializer(many=True, source="pictures", help_text="The same as `pictures`.")
    metadata = Metadata()

    class Meta:
        model = Product
        fields = [
            "id",
            "name",
            "slug",
            "description",
            "category",
            "is_active",
            "variants",
            "pictures",
            "images",
            "metadata",
        ]
        read_only_fields = fields
