"""The shop as it is shown over HTTP."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.models.bank_account import BankAccount
from shop.models.shop import Shop
from shop.services.set_logo import logo_url


class BankAccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = BankAccount
        fields = ["bank", "iban", "bic", "currency"]


class ShopAddressSerializer(serializers.ModelSerializer):
    lines = serializers.ListField(source="address_lines", child=serializers.CharField())

    class Meta:
        model = Shop
        fields = ["lines", "city", "region", "postal_code", "country"]


class ShopSerializer(serializers.ModelSerializer):
    address = ShopAddressSerializer(source="*")
    bank_accounts = BankAccountSerializer(many=True)
    logo = serializers.SerializerMethodField()

    class Meta:
        model = Shop
        fields = [
            "name",
            "legal_name",
            "logo",
            "address",
            "tax_number",
            "registration_number",
            "bank_accounts",
            "email",
            "phone",
            "currency",
            "time_zone",
            "phone_region",
            "payment_terms",
            "invoice_footer",
            "version",
            "updated_at",
        ]

    @extend_schema_field({"type": "string", "description": "Where it is, from the host on; empty: there is none."})
    def get_logo(self, shop: Shop) -> str:
        return logo_url(shop)
