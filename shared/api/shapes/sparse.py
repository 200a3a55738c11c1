"""Sparse answers: `?fields=id,total` shows these members of a record and reads no others."""

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

FIELDS = "fields"
_MAX_NAMED = 5  # of what is unknown: the answer does not grow with the question


def fields_asked(request: Request, known: tuple[str, ...]) -> frozenset[str] | None:
    """The names that were asked for; None for all. Raises ValidationError for one that the record has not."""
    sent = request.query_params.get(FIELDS)
    if sent is None:
        return None
    asked = frozenset(sent.split(","))
    unknown = sorted(asked.difference(known))
    if unknown:
        named = ", ".join(repr(name[:40]) for name in unknown[:_MAX_NAMED])
        text = f"There is no {named}. Known: {', '.join(known)}."
        raise ValidationError({FIELDS: [ErrorDetail(text, "unknown_field")]})
    return asked
