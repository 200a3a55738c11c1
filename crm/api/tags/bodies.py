"""Tags over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import example
from shared.api.serializers import StrictSerializer


@example({"name": "VIP"})
class TagBody(StrictSerializer):
    name = serializers.CharField(max_length=60)
