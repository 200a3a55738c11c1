"""What is said of people and companies over HTTP, and how somebody signs in."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from shared.api.serializers import EmailAddress, MetadataChanges, StrictSerializer
from shared.text.tax_number import LONGEST_TYPED
from users.api.addresses.bodies import customer_addresses_body
from users.models.language import Language

_ID = "0198c0de-0000-7000-8000-000000000001"
_OWNER = "The colleague who looks after it; whoever adds it, when left out, if that is a colleague with a role."
_TAX_NUMBER = (
    "Blanks, dots and dashes are left out. One that begins as a VAT number of the EU, Great Britain, Norway or "
    "Switzerland must look like one."
)
_CUSTOMER = {"name": "Ada Byron", "email": "ada@example.com"}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A login", value={"email": "staff@example.com", "password": "correct horse"}, request_only=True)
    ]
)
class SignInSerializer(StrictSerializer):
    email = EmailAddress()
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    code = serializers.CharField(
        max_length=32,
        required=False,
        write_only=True,
        help_text="Of the second factor, for staff who have one: six digits, or a backup code.",
    )


@extend_schema_serializer(
    examples=[OpenApiExample("A refresh token", value={"refresh": "eyJhbGciOi…"}, request_only=True)]
)
class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=4096, help_text="Good once: the answer has the next one.")


@extend_schema_serializer(
    examples=[OpenApiExample("A company", value={"name": "Analytical Engines Ltd"}, request_only=True)]
)
class CompanyBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    website = serializers.URLField(max_length=200, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    address = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    tax_number = serializers.CharField(
        max_length=LONGEST_TYPED,
        allow_blank=True,
        required=False,
        help_text=f"Of its customers who have none of their own. {_TAX_NUMBER}",
    )
    note = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    owner = serializers.UUIDField(source="owner_id", allow_null=True, required=False, help_text=_OWNER)
    custom_fields = serializers.DictField(required=False, help_text="By key; null takes a value away.")


@extend_schema_serializer(
    examples=[OpenApiExample("By the customer itself", value={"phone": "+44 20 7946 0000"}, request_only=True)]
)
class OwnCustomerBody(StrictSerializer):
    """What a customer may say about itself."""

    name = serializers.CharField(max_length=200)
    email = EmailAddress()
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    address = serializers.CharField(
        max_length=1000,
        allow_blank=True,
        required=False,
        help_text="A text, of a customer without `addresses` alone: else it follows these.",
    )
    addresses = customer_addresses_body()
    language = serializers.ChoiceField(
        Language.choices, required=False, help_text="Of our e-mails; `en` when left out."
    )
    country = serializers.RegexField(
        r"^([A-Z]{2})?$", allow_blank=True, required=False, help_text="ISO 3166: taxes and shipping of orders."
    )
    tax_number = serializers.CharField(
        max_length=LONGEST_TYPED,
        allow_blank=True,
        required=False,
        help_text=f"On documents; empty: the company's. {_TAX_NUMBER}",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("The least", value=_CUSTOMER, request_only=True),
        OpenApiExample(
            "All of it",
            value={
                **_CUSTOMER,
                "phone": "+44 20 7946 0000",
                "address": "12 St James's Square, London",
                "language": "en",
                "tax_number": "GB 980 7806 84",
                "company": _ID,
                "user": None,
                "tags": ["vip"],
            },
            request_only=True,
        ),
    ]
)
class CustomerBody(OwnCustomerBody):
    """What staff may say about a customer."""

    company = serializers.UUIDField(source="company_id", allow_null=True, required=False)
    group = serializers.UUIDField(
        source="group_id", allow_null=True, required=False, help_text="Its prices, coupons and payment deadlines."
    )
    user = serializers.UUIDField(source="user_id", allow_null=True, required=False)
    owner = serializers.UUIDField(source="owner_id", allow_null=True, required=False, help_text=_OWNER)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=50,
        required=False,
        help_text="Names; a new one is made.",
    )
    custom_fields = serializers.DictField(required=False, help_text="By key; null takes a value away.")
    metadata = MetadataChanges(required=False)
