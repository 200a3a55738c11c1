"""The `webhooks` of the OpenAPI document: what receivers are sent, made of the table of event types."""

from typing import Any, Final

from events.feed.data_shapes import data_schema
from events.feed.types import EVENT_TYPES, aggregate_of
from webhooks.models.delivery import TEST_TYPE

_HEADERS: Final = [
    {
        "in": "header",
        "name": name,
        "required": True,
        "schema": {"type": "string"},
        "description": description,
    }
    for name, description in (
        ("webhook-id", "The event's id, the same at every try: do what it says once."),
        ("webhook-timestamp", "When this try was signed: Unix time in seconds."),
        ("webhook-signature", "`v1,` and the Base64 of the HMAC-SHA256 of `id.timestamp.body`; several with blanks."),
    )
]
_ANSWERS: Final = {
    "2XX": {"description": "Taken. The answer's body does not matter."},
    "410": {"description": "Nothing more is wanted: the endpoint is disabled."},
    "429": {"description": "Later, as Retry-After says, up to a day; so 502, 503 and 504."},
    "default": {"description": "Tried again, ten times over 75 hours."},
}
_TEST_DATA: Final = {"type": "object", "properties": {"endpoint": {"type": "string", "format": "uuid"}}}


def declare_webhooks(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook."""
    told = {name: _webhook(name, text, aggregate_of(name), data_schema(name)) for name, text in EVENT_TYPES.items()}
    told[TEST_TYPE] = _webhook(TEST_TYPE, "Sent by hand, to try an endpoint.", "webhook_endpoint", _TEST_DATA)
    result["webhooks"] = dict(sorted(told.items()))
    return result


def _webhook(name: str, text: str, aggregate: str, data: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "id": {"type": "string", "format": "uuid"},
        "position": {"type": "integer"},
        "type": {"const": name},
        "aggregate": {
            "type": "object",
            "properties": {"type": {"const": aggregate}, "id": {"type": "string", "format": "uuid"}},
            "required": ["type", "id"],
        },
        "sequence": {"type": "integer"},
        "created_at": {"type": "string", "format": "date-time"},
        "data": data,
        "url": {"type": "string", "format": "uri-reference"},
    }
    with_object = {
        **fields,
        "object": {"type": ["object", "null"], "description": "With `include`: what a GET of `url` answers the owner."},
    }
    schema = {"type": "object", "properties": with_object, "required": list(fields)}
    operation = {
        "operationId": f"on_{name.replace('.', '_')}",
        "summary": text,
        "tags": ["webhooks"],
        "parameters": _HEADERS,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _ANSWERS,
    }
    return {"post": operation}
