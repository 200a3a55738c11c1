"""Shapes of the warehouse's documents over HTTP."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.documents.lines import MAX_DOCUMENT_LINES
from inventory.models.document import DocumentKind, StockDocument, StockDocumentLine
from inventory.models.level import MAX_ON_HAND
from shared.api.serializers import StrictSerializer

_ID = "0198c0de-0000-7000-8000-000000000001"


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


class StockDocumentLineBody(StrictSerializer):
    variant = serializers.CharField(max_length=64, help_text="A variant's id or SKU.")
    quantity = serializers.IntegerField(
        min_value=0,
        max_value=MAX_ON_HAND,
        allow_null=True,
        required=False,
        default=None,
        help_text="Units; null in a stocktake: still to be counted.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A delivery",
            value={
                "kind": "receipt",
                "location": _ID,
                "reference": "DN-4711",
                "lines": [{"variant": "ESPRESSO-1KG", "quantity": 40}],
            },
            request_only=True,
        ),
        OpenApiExample("A count sheet", value={"kind": "stocktake", "location": _ID}, request_only=True),
    ]
)
class StockDocumentBody(StrictSerializer):
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    location = serializers.UUIDField(
        source="location_id", help_text="Where goods arrive or are counted; of a transfer: where they are taken from."
    )
    target = serializers.UUIDField(
        source="target_id", required=False, allow_null=True, help_text="Where a transfer goes: of the same seller."
    )
    reference = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="Becomes the reason in the ledger."
    )
    lines = StockDocumentLineBody(  # type: ignore[call-arg]  # arguments of the list that `many` makes
        many=True,
        required=False,
        max_length=MAX_DOCUMENT_LINES,
        help_text="Lines of one variant are summed. Unset, of a stocktake: one to count for each level there.",
    )
