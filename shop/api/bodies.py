"""What a change of the shop may say."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from shared.api.serializers import CurrencyCode, EmailAddress, StrictSerializer
from shop.models.bank_account import MAX_BANK_ACCOUNTS
from shop.models.shop import ADDRESS_LINES

_ACCOUNT = {"bank": "Sparkasse", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}


class BankAccountBody(StrictSerializer):
    bank = serializers.CharField(max_length=120, allow_blank=True, required=False, help_text="The bank's name.")
    iban = serializers.CharField(max_length=50, help_text="Blanks are left out.")
    bic = serializers.CharField(max_length=20, allow_blank=True, required=False)
    currency = CurrencyCode(allow_blank=True, required=False, help_text="Empty: any.")


class ShopAddressBody(StrictSerializer):
    lines = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=ADDRESS_LINES, help_text="Street and number."
    )
    city = serializers.CharField(max_length=100, allow_blank=True, default="")
    region = serializers.CharField(max_length=100, allow_blank=True, default="")
    postal_code = serializers.CharField(max_length=20, allow_blank=True, default="")
    country = serializers.RegexField(r"^([A-Z]{2})?\Z", allow_blank=True, default="", help_text="ISO 3166.")


class LogoBody(StrictSerializer):
    file = serializers.FileField(help_text="JPEG, PNG, WebP, GIF or AVIF; kept as PNG of up to 600 pixels a side.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Who sells here",
            value={"name": "Tea & Cups", "time_zone": "Europe/Berlin", "bank_accounts": [_ACCOUNT]},
            request_only=True,
        )
    ]
)
class ShopBody(StrictSerializer):
    name = serializers.CharField(max_length=120, allow_blank=True, help_text="As customers know it.")
    legal_name = serializers.CharField(max_length=200, allow_blank=True, help_text="Empty: the name.")
    address = ShopAddressBody(help_text="Replaces the one it has.")
    tax_number = serializers.CharField(max_length=40, allow_blank=True)
    registration_number = serializers.CharField(max_length=120, allow_blank=True)
    bank_accounts = serializers.ListField(
        child=BankAccountBody(), max_length=MAX_BANK_ACCOUNTS, help_text="They replace all there are."
    )
    email = EmailAddress(allow_blank=True)
    phone = serializers.CharField(max_length=40, allow_blank=True)
    currency = CurrencyCode(help_text="Of whatever names none; prices that are there keep theirs.")
    time_zone = serializers.CharField(max_length=64, help_text="A name of the IANA database.")
    phone_region = serializers.RegexField(
        r"^[A-Z]{2}\Z", help_text="ISO 3166: of numbers written without a country code."
    )
    payment_terms = serializers.CharField(max_length=500, allow_blank=True)
    invoice_footer = serializers.CharField(max_length=1_000, allow_blank=True)
    version = serializers.IntegerField(min_value=0, required=False, help_text="As it was read: another one is a 412.")


def columns_of(body: dict[str, Any]) -> dict[str, Any]:
    """The body as the service takes it: an address is columns of the shop."""
    address = body.pop("address", None)
    if address is None:
        return body
    # One that is replaced says everything: over PATCH what is missing has no default.
    address = {"lines": [], "city": "", "region": "", "postal_code": "", "country": ""} | address
    return {**body, **{("address_lines" if name == "lines" else name): value for name, value in address.items()}}
