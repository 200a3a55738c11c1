"""The warehouse's documents as the API shows them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inventory.models.document import StockDocument, StockDocumentLine


class StockDocumentLineSerializer(serializers.ModelSerializer):
    variant = serializers.UUIDField(source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    quantity = serializers.IntegerField(allow_null=True, help_text="null: still to be counted.")
    expected = serializers.IntegerField(allow_null=True, help_text="What the books said when a count was applied.")
    movement = serializers.UUIDField(source="movement_id", allow_null=True, help_text="Its row in the ledger.")
    arrival = serializers.UUIDField(
        source="arrival_id", allow_null=True, help_text="A transfer's row in the ledger of where the goods arrived."
    )

    class Meta:
        model = StockDocumentLine
        fields = ["id", "variant", "sku", "quantity", "expected", "movement", "arrival"]
        read_only_fields = fields


class StockDocumentSerializer(serializers.ModelSerializer):
    location = serializers.UUIDField(source="location_id")
    target = serializers.UUIDField(source="target_id", allow_null=True)
    actor = serializers.UUIDField(source="actor_id", allow_null=True, help_text="Who began it; null: the system.")
    remainder = serializers.UUIDField(
        source="remainder_id",
        allow_null=True,
        help_text="The open document of those lines that the books came to forbid while this one was being applied.",
    )

    class Meta:
        model = StockDocument
        fields = [
            "id",
            "kind",
            "status",
            "location",
            "target",
            "reference",
            "actor",
            "remainder",
            "version",
            "created_at",
            "applied_at",
        ]
        read_only_fields = fields


class StockDocumentInFullSerializer(StockDocumentSerializer):
    lines = serializers.SerializerMethodField()

    class Meta(StockDocumentSerializer.Meta):
        fields = [*StockDocumentSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(StockDocumentLineSerializer(many=True))
    def get_lines(self, document: StockDocument) -> list[dict[str, object]]:
        lines = StockDocumentLine.objects.filter(document=document).select_related("variant").order_by("id")
        return StockDocumentLineSerializer(lines, many=True).data  # type: ignore[return-value]
