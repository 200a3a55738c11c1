"""The Idempotency-Key header (after draft-ietf-httpapi-idempotency-key-header: a bare or a quoted string)."""

from django.conf import settings

from shared.errors import InvalidInput

HEADER = "Idempotency-Key"
MAX_LENGTH = 255


class IdempotencyKeyRequired(InvalidInput):
    code = "idempotency_key_required"
    title = "An Idempotency-Key header is required"


def read_idempotency_key(header: str | None) -> str | None:
    """The key, without its quotes; None when there is none. Raises InvalidInput for a malformed one, and
    IdempotencyKeyRequired for a missing one where REQUIRE_IDEMPOTENCY_KEY is on."""
    if header is None:
        if settings.REQUIRE_IDEMPOTENCY_KEY:
            raise IdempotencyKeyRequired((f"#{HEADER}", "required", f"Send an {HEADER} header with every order."))
        return None
    quoted = header.startswith('"')
    key = header[1:-1] if quoted else header
    is_whole = not quoted or (len(header) >= 2 and header.endswith('"') and '"' not in key)
    if not (is_whole and 1 <= len(key) <= MAX_LENGTH and all("!" <= character <= "~" for character in key)):
        text = f"{HEADER} must be 1 to {MAX_LENGTH} visible ASCII characters, bare or in double quotes."
        raise InvalidInput((f"#{HEADER}", "bad_idempotency_key", text))
    return key
