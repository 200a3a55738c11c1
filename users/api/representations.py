"""People, companies and logins as they are shown over HTTP."""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shared.api.principal import is_staff
from shared.api.serializers import Metadata
from users.api.addresses.representations import CustomerAddresses
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User


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
            "tax_number",
            "note",
            "owner",
            "custom_fields",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


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
            "tax_number",
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
