"""Segments over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import example, text_field
from shared.api.serializers import StrictSerializer

_RULE = {"all": [{"field": "last_order", "op": "not_within_days", "value": 90}]}


@example({"name": "No order for 90 days", "rule": _RULE})
class SegmentBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    description = text_field(300)
    rule = serializers.DictField()
