"""Webhooks over HTTP: what is sent."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from shared.api.serializers import StrictSerializer
from webhooks.models.endpoint import EndpointState, Include
from webhooks.services.save_endpoint import MOST_TYPES


def _example(value: dict[str, Any]) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("As JSON", value=value, request_only=True)])


_NEW = {"url": "https://example.com/kontor", "types": ["order.*", "stock.changed"]}


@_example(_NEW)
class EndpointBody(StrictSerializer):
    url = serializers.CharField(max_length=2_000, help_text="https, on port 443 or 8443, and on the internet.")
    types = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=MOST_TYPES,
        help_text="Types of events, `order.*` for all that begin so, `*` for all.",
    )
    include = serializers.ChoiceField(
        [Include.OBJECT.value],
        required=False,
        allow_null=True,
        help_text="`object`: the record is sent, too, as the endpoint's owner sees it.",
    )
    description = serializers.CharField(max_length=200, allow_blank=True, required=False)


@_example({"types": ["order.paid"], "state": "enabled"})
class EndpointChanges(EndpointBody):
    state = serializers.ChoiceField(
        EndpointState.choices, required=False, help_text="A disabled endpoint is sent nothing; what waits stays."
    )


@_example({"after": 1200})
class ReplayBody(StrictSerializer):
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, help_text="Events behind this position.")
