"""Rules of shipping methods, for the admin and the API alike."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

from shared.errors import InvalidInput

_COUNTRY = re.compile(r"[A-Z]{2}")


def read_countries(codes: Iterable[str]) -> list[str]:
    """ISO 3166 codes in capitals, each once, sorted. Raises InvalidInput."""
    countries = sorted({code.strip().upper() for code in codes})
    wrong = [code for code in countries if not _COUNTRY.fullmatch(code)]
    if wrong:
        text = gettext("No ISO codes of countries: %(codes)s.") % {"codes": ", ".join(wrong)}
        raise InvalidInput(("/countries", "invalid", text))
    return countries
