"""An address that somebody wrote as a text, taken apart as far as it is sure. Pure."""

import re
import textwrap

from shared.values.addresses import LIMITS, MAX_LINES, Address, CountryRules, address_of, rules_of

# What Kontor's own shops call their countries beside the ISO code and the post's name.
_NAMES = {"україна": "UA", "deutschland": "DE", "polska": "PL", "österreich": "AT", "uk": "GB", "usa": "US"}


def parse_address(text: str, *, country: str = "", known: tuple[str, ...] = ()) -> Address:
    """The text's lines, with the country of its last one or else `country`, and with city and postal code where one
    line has both. `known` are codes whose names may stand in the last line. What cannot be told stays in the lines, of
    which there are at most MAX_LINES: nothing is lost."""
    parts = [part.strip() for part in text.splitlines() if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    named = _country_of(parts[-1], known) if parts else ""
    rest = parts[:-1] if named else parts
    code = named or country
    rules = rules_of(code)
    found = _city_and_code(rest, rules) if rules else None
    if found is not None:
        place, city, postal_code = found
        street, region = rest[:place], rest[place + 1 :]
        if street and not region:
            return address_of({"lines": _few_lines(street), "city": city, "postal_code": postal_code, "country": code})
    return address_of({"lines": _few_lines(rest if named else parts), "country": code})


def _country_of(last: str, known: tuple[str, ...]) -> str:
    text = last.strip(" .").casefold()
    if text.upper() in known or text in _NAMES:
        return _NAMES.get(text, text.upper())
    return next((code for code in known if (rules := rules_of(code)) and rules.name.casefold() == text), "")


def _city_and_code(parts: list[str], rules: CountryRules) -> tuple[int, str, str] | None:
    """The last line that is a postal code and a city, in either order."""
    if rules.postal_code is None:
        return None
    for place in range(len(parts) - 1, -1, -1):
        words = parts[place].replace(",", " ").split()
        for count in (2, 1):
            for code, city in ((words[:count], words[count:]), (words[-count:], words[:-count])):
                written = " ".join(code).upper()
                name = " ".join(city)
                if not city or len(name) > LIMITS["city"] or any(map(_has_digit, city)):
                    continue
                if re.fullmatch(rules.postal_code.pattern, written):
                    return place, name, written
    return None


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _few_lines(parts: list[str]) -> list[str]:
    """At most MAX_LINES of texts of MAX_LINES * LIMITS["line"] characters: the last line takes what is left, long ones
    are broken between words, and where that makes too many, anywhere."""
    lines = parts if len(parts) <= MAX_LINES else [*parts[: MAX_LINES - 1], ", ".join(parts[MAX_LINES - 1 :])]
    if all(len(line) <= LIMITS["line"] for line in lines):
        return lines
    broken = textwrap.wrap(", ".join(parts), LIMITS["line"])
    if len(broken) <= MAX_LINES:
        return broken
    # No longer than the text was: each part had a line break or a comma behind it.
    text = " ".join(parts)
    return [text[start : start + LIMITS["line"]] for start in range(0, len(text), LIMITS["line"])]
