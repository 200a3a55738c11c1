"""What a request for a stream asks for."""

from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes
from uuid import UUID

import orjson
from django.http import QueryDict

from events.api.bodies import StreamQuery, parse_query
from events.feed.types import EVENT_TYPES
from events.live.connection import Head
from events.live.stock import MOST_VARIANTS
from shared.errors import InvalidInput

# A browser sends it when it comes back: where it was.
LAST_EVENT_ID: Final = "last-event-id"


class Wanted(NamedTuple):
    """`after`: None, from now on."""

    types: frozenset[str]
    after: int | None


def query_of(target: bytes) -> QueryDict:
    """The parameters. Raises InvalidInput for what is no UTF-8."""
    raw = target.partition(b"?")[2]
    try:
        unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(("", "invalid", "The query string is not UTF-8.")) from error
    return QueryDict(raw, mutable=True)


def wanted_by(query: QueryDict, head: Head | None = None) -> Wanted:
    """Raises ValidationError. Whoever comes back goes on from where they were, whatever the address says."""
    last = head.headers.get(LAST_EVENT_ID, "").strip() if head else ""
    if last:
        query["after"] = last
    parsed = parse_query(query, StreamQuery)
    types = frozenset(parsed.get("types") or EVENT_TYPES)
    return Wanted(types, parsed.get("after"))


def wanted_by_message(raw: bytes) -> Wanted:
    """Of a WebSocket's first message: {"types": ["order.*"], "after": 17}. Raises InvalidInput, ValidationError."""
    try:
        message: Any = orjson.loads(raw)  # which takes no half of a surrogate pair: no answer could name it
    except ValueError as error:
        raise InvalidInput(("", "invalid", "The first message is no JSON object.")) from error
    if not isinstance(message, dict):
        raise InvalidInput(("", "invalid", "The first message is no JSON object."))
    query = QueryDict(mutable=True)
    for name, value in message.items():
        if value is not None:
            several = isinstance(value, list) and all(isinstance(one, str) for one in value)
            query[name] = ",".join(value) if several else str(value)
    if query.get("types") == "":
        del query["types"]
    return wanted_by(query)


def variants_of(query: QueryDict) -> list[UUID]:
    """Raises InvalidInput."""
    unknown = [name for name in query if name != "variants"]
    if unknown:
        text = "Unknown query parameter. Known: variants."
        raise InvalidInput(*((f"/{name}", "unknown_parameter", text) for name in unknown))
    texts = [text.strip() for text in query.get("variants", "").split(",") if text.strip()]
    if not 1 <= len(texts) <= MOST_VARIANTS:
        text = f"Name 1 to {MOST_VARIANTS} variants by id, with commas between them."
        raise InvalidInput(("/variants", "out_of_range", text))
    try:
        return list(dict.fromkeys(UUID(text) for text in texts))
    except ValueError as error:
        raise InvalidInput(("/variants", "invalid", "That is no id of a variant.")) from error
