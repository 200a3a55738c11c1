"""The feed over HTTP: what may be asked for."""

from typing import Any, Final

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from events.feed.types import types_like

LATEST: Final = "latest"
MOST: Final = 500


class StreamQuery(serializers.Serializer):
    after = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        required=False,
        help_text=f"Events behind this position; `{LATEST}`: none, only where the feed is now.",
    )
    types = serializers.CharField(
        max_length=1_000, required=False, help_text="Types, `order.*` for all that begin so, with commas between them."
    )

    def validate_types(self, value: str) -> list[str]:
        patterns = [pattern.strip() for pattern in value.split(",")]
        unknown = [pattern for pattern in patterns if not types_like(pattern)]
        if unknown:
            raise ValidationError(f"There are no events of the type {', '.join(unknown)[:200]}.", "unknown_type")
        return sorted({name for pattern in patterns for name in types_like(pattern)})


class FeedQuery(StreamQuery):
    aggregate = serializers.UUIDField(required=False, help_text="The events of this record alone.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=100)


def parse_query(sent: QueryDict, parameters: type[StreamQuery] = FeedQuery) -> dict[str, Any]:
    """What was asked for, with `latest` apart. Raises ValidationError naming every parameter that is unknown, empty or
    wrong."""
    names = [str(name) for name in parameters().fields.keys()]  # noqa: SIM118 - it iterates over fields
    faults = {
        name: [ErrorDetail(f"Unknown query parameter. Known: {', '.join(names)}.", "unknown_parameter")]
        for name in sent
        if name not in names
    }
    faults |= {name: [ErrorDetail("Give a value, or leave it out.", "empty")] for name in names if sent.get(name) == ""}
    if faults:
        raise ValidationError(faults)
    given = sent.dict()
    latest = given.get("after") == LATEST
    if latest:
        del given["after"]
    query = parameters(data=given)
    query.is_valid(raise_exception=True)
    return {"latest": latest, **query.validated_data}
