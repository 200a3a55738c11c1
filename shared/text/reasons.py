"""Reasons in ledgers and events: Kontor's own are kept in English, whoever caused them, and read in any language."""

import re

from django.utils import translation
from django.utils.translation import gettext

_ORDER = re.compile(r"order ([0-9A-Za-z-]{1,32})")
_RETURN = re.compile(r"return ([0-9A-Za-z-]{1,32})")


def kept_reason(text: object) -> str:
    """A text of Kontor's as it is stored."""
    with translation.override("en"):
        return str(text)


def shown_reason(text: str) -> str:
    """A stored reason to read: Kontor's own in the reader's language, a colleague's as it was written."""
    of_order = _ORDER.fullmatch(text)
    if of_order:
        return gettext("order %(number)s") % {"number": of_order[1]}
    of_return = _RETURN.fullmatch(text)
    if of_return:
        return gettext("return %(number)s") % {"number": of_return[1]}
    return gettext(text) if text else ""
