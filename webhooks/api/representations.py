"""Webhooks over HTTP: what is answered."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webhooks.endpoints.owners import pause_reason
from webhooks.models.attempt import Attempt
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import DisabledReason, Endpoint, EndpointState, Include

PAUSED: Final = "paused"
SHOWN_STATES = [*EndpointState.values, PAUSED]


class EndpointSerializer(serializers.ModelSerializer):
    """Where events are sent. `paused`: its owner is inactive or may not read events, or the key that made it has ended
    or may not; events wait."""

    owner = serializers.UUIDField(source="owner_id")
    include = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    disabled_reason = serializers.ChoiceField(["", *DisabledReason.values])

    class Meta:
        model = Endpoint
        fields = [
            *("id", "url", "description", "owner", "types", "include", "state", "disabled_reason", "failing_since"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "enum": [Include.OBJECT.value, None]})
    def get_include(self, endpoint: Endpoint) -> str | None:
        return endpoint.include or None

    @extend_schema_field({"type": "string", "enum": SHOWN_STATES})
    def get_state(self, endpoint: Endpoint) -> str:
        return PAUSED if endpoint.state == EndpointState.ENABLED and pause_reason(endpoint) else endpoint.state


class EndpointWithSecretSerializer(EndpointSerializer):
    """With the secret that its deliveries are signed with, which is shown this once."""

    secret = serializers.CharField(help_text="`whsec_` and Base64, for a library of Standard Webhooks.")

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]


class AttemptSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attempt
        fields = ["id", "at", "status", "milliseconds", "answer", "error"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    """An event on its way to an endpoint. `event` is the `webhook-id` of every try."""

    endpoint = serializers.UUIDField(source="endpoint_id")
    event = serializers.UUIDField(source="event_id")
    type = serializers.CharField(source="event_type")
    attempts: Any = AttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields = [
            *("id", "endpoint", "event", "type", "position", "state", "tries", "due_at", "created_at", "done_at"),
            "attempts",
        ]
        read_only_fields = fields
