"""The feed over HTTP: what is answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from events.feed.shown import address_of
from events.feed.types import AGGREGATES, EVENT_TYPES
from events.models.event import Event


class AggregateSerializer(serializers.Serializer):
    type = serializers.ChoiceField(list(AGGREGATES), source="aggregate_type")
    id = serializers.UUIDField(source="aggregate_id")


class EventSerializer(serializers.ModelSerializer):
    """One change. What it is about may have changed again since: `url` says how it is now."""

    type = serializers.ChoiceField(list(EVENT_TYPES))
    aggregate = AggregateSerializer(source="*")
    data: Any = serializers.DictField(help_text="Ids, states and amounts; nothing about a person.")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = ["id", "position", "type", "aggregate", "sequence", "created_at", "data", "url"]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, event: Event) -> str:
        return address_of(event)


@extend_schema_serializer(many=False)  # a list's answer, and one object
class FeedSerializer(serializers.Serializer):
    """`next_after` goes into the next request's `after`; `caught_up`: there is nothing behind it now."""

    events: Any = EventSerializer(many=True)
    next_after = serializers.IntegerField()
    caught_up = serializers.BooleanField()


class TicketSerializer(serializers.Serializer):
    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()
    url = serializers.CharField(help_text="Where the streams are: `/events` and `/ws` below it.")
