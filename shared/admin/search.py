"""Search terms that an index answers: whole values and beginnings, never “contains”."""

import re

from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.db.models.lookups import StartsWith

_NUMBER = re.compile(r"[0-9]{1,32}")


def begins(field: str, term: str) -> Q:
    """The field begins with the term in any case; served by an index on Lower(field), text_pattern_ops."""
    return Q(StartsWith(Lower(field), term.lower()))


def begins_upper(field: str, term: str) -> Q:
    """The same, served by an index on Upper(field)."""
    return Q(StartsWith(Upper(field), term.upper()))


def looks_like_email(term: str) -> bool:
    return "@" in term


def looks_like_number(term: str) -> bool:
    """Whether it can be an order number."""
    return _NUMBER.fullmatch(term) is not None


def looks_like_phone(term: str) -> bool:
    return term[:1] in "+0(" and sum(c.isdigit() for c in term) >= 3
