"""Shapes of people over HTTP."""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from shared.api.principal import is_staff
from shared.api.serializers import EmailAddress, Metadata, MetadataChanges, StrictSerializer
from users.api.addresses.bodies import customer_addresses_body
from users.api.addresses.representations import CustomerAddresses
from users.models.company import Company
from users.models.customer import Customer
from users.models.language import Language
from users.models.user import User

_ID = "0198c0de-0000-7000-8000-000000000001"
_OWNER = "The colleague who looks after it; whoever adds it, when left out, if that is a colleague with a role."
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


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField(
        help_text=f"For `Authorization: Bearer`, {settings.SIMPLE_JWT['ACCESS_TOKEN_LIFETIME']} (h:mm:ss)."
    )
    refresh = serializers.CharField(help_text="Trade it in at /auth/token/refresh.")


class UserSerializer(serializers.ModelSerializer):
    customer = serializers.UUIDField(
        source="customer.pk",
        default=None,
        allow_null=True,
        help_text="The customer that this login is, if any.",
    )
    roles = serializers.SerializerMethodField(help_text="superuser, staff, customer, and the names of groups.")

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "first_name",
            "last_name",
            "is_active",
            "is_staff",
            "roles",
            "customer",
            "last_login",
            "date_joined",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_roles(self, user: User) -> list[str]:
        own = {"superuser": user.is_superuser, "staff": user.is_staff, "customer": hasattr(user, "customer")}
        return [name for name, has in own.items() if has] + [group.name for group in user.groups.all()]


@extend_schema_field({"type": "object", "additionalProperties": True, "example": {"tier": "gold", "seats": "12"}})
class CustomValues(serializers.JSONField):
    """Values of the shop's own fields, by key: see /custom-fields. They are the staff's."""

    hidden: ClassVar[dict[str, Any]] = {}

    def to_representation(self, value: Any) -> Any:
        request = self.context.get("request")
        return value if request is None or is_staff(request) else self.hidden


class OwnerId(serializers.UUIDField):
    """Which colleague looks after it: for staff."""

    hidden = None

    def to_representation(self, value: Any) -> Any:
        request = self.context.get("request")
        return super().to_representation(value) if request is None or is_staff(request) else self.hidden


class CompanySerializer(serializers.ModelSerializer):
    owner = OwnerId(source="owner_id", allow_null=True)
    website = serializers.CharField(help_text="An address, or empty.")
    custom_fields = CustomValues()

    class Meta:
        model = Company
        fields = [
            "id",
            "name",
            "website",
            "phone",
            "address",
            "note",
            "owner",
            "custom_fields",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[OpenApiExample("A company", value={"name": "Analytical Engines Ltd"}, request_only=True)]
)
class CompanyBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    website = serializers.URLField(max_length=200, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    address = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    note = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    owner = serializers.UUIDField(source="owner_id", allow_null=True, required=False, help_text=_OWNER)
    custom_fields = serializers.DictField(required=False, help_text="By key; null takes a value away.")


class CustomerSerializer(serializers.ModelSerializer):
    company = serializers.UUIDField(source="company_id", allow_null=True)
    group = serializers.UUIDField(source="group_id", allow_null=True)
    user = serializers.UUIDField(source="user_id", allow_null=True, help_text="The login that is this customer.")
    owner = OwnerId(source="owner_id", allow_null=True, help_text="A customer's own login is shown none.")
    tags: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    custom_fields = CustomValues(help_text="By key; a customer's own login is shown none.")
    metadata = Metadata()
    address = serializers.CharField(help_text="The default address as a text; of a customer without, as it was typed.")
    addresses = CustomerAddresses()

    class Meta:
        model = Customer
        fields = [
            "id",
            "name",
            "email",
            "phone",
            "address",
            "addresses",
            "language",
            "country",
            "company",
            "group",
            "tags",
            "user",
            "owner",
            "custom_fields",
            "metadata",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


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
