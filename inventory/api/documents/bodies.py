"""What the routes of the warehouse's documents accept."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.documents.lines import MAX_DOCUMENT_LINES
from inventory.models.document import DocumentKind
from inventory.models.level import MAX_ON_HAND
from shared.api.serializers import StrictSerializer

_ID = "0198c0de-0000-7000-8000-000000000001"


class StockDocumentLineBody(StrictSerializer):
    # Scanners and suppliers know SKUs; the service tells the two apart.
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
