"""The shop as it is shown over HTTP."""

from rest_framework import serializers

from shop.models.bank_account import BankAccount
from shop.models.shop import Shop


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

    class Meta:
        model = Shop
        fields = [
            "name",
            "legal_name",
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
