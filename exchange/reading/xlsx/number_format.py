"""What a sheet shows for a number, by the format of its cell. Pure.

Of the formats of ECMA-376 18.8.31: sections, digits, thousands, per cent, literals, dates and times. What is not
understood (fractions, conditions, spans of time) shows None: nobody knows what stands on the sheet.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<noon>AM/PM|A/P)|(?P<power>E[+-])|(?P<moment>y+|m+|d+|h+|s+|e+|g+)"
    r"|(?P<sign>[0#?.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"(?i)h+|m+|s+")
_CURRENCY = re.compile(r"\$([^-]*)(-.*)?")
_ENGLISH = ("-409", "-809", "-1009", "-C09")
_COLOUR = re.compile(r"(?i)black|blue|cyan|green|magenta|red|white|yellow|color ?\d+")
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
# Built-in formats that have no code in the file. 14 and 22 show what the reader's system is set to.
SYSTEM_DATES = {14, 22, *range(27, 37), *range(50, 59)}
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd hh:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`sections`: of the code, for positive numbers, negative ones and zero."""

    code: str
    sections: tuple[tuple[Token, ...], ...]
    is_date: bool
    is_general: bool

    def number(self, value: Decimal, exact: str) -> str | None:
        """The number as it is shown; `exact` is how it is shown with all its digits. None: not understood."""
        tokens, is_negative = self._section_for(value)
        kinds = {token.kind for token in tokens}
        if self.is_general or "general" in kinds or "power" in kinds or "@" in {token.text for token in tokens}:
            # Of a long number General and 0.00E+00 show too little: the file has all of its digits.
            return exact
        if kinds & {"unknown", "moment", "noon"} or any(token == Token("sign", "/") for token in tokens):
            return None
        return ("-" if is_negative else "") + _format_digits(tokens, abs(value))

    def date(self, moment: datetime) -> str | None:
        """The date as it is shown. None: not understood, or in words of another language than English."""
        tokens = self.sections[0]
        kinds = {token.kind for token in tokens}
        letters = [token.text.lower() for token in tokens if token.kind == "moment"]
        has_words = any(len(text) > 2 and text[0] in "md" for text in letters)
        if kinds & {"unknown", "span"} or any(text[0] in "eg" for text in letters) or ("locale" in kinds and has_words):
            return None
        return _format_moment(tokens, moment)

    def _section_for(self, value: Decimal) -> tuple[tuple[Token, ...], bool]:
        """The tokens for this number, and whether it needs a minus before them."""
        sections = self.sections
        if value < 0 and len(sections) > 1:
            return sections[1], False
        if value == 0 and len(sections) > 2:
            return sections[2], False
        return sections[0], value < 0


@lru_cache(maxsize=1_000)
def number_format(code: str) -> NumberFormat:
    sections = tuple(tuple(_tokens_of_section(section)) for section in _split_sections(code[:1_000]))[:3] or ((),)
    kinds = {token.kind for token in sections[0]}
    return NumberFormat(
        code=code,
        sections=sections,
        is_date=bool(kinds & {"moment", "noon", "span"}),
        is_general=not code or code.casefold() == "general",
    )


def _split_sections(code: str) -> list[str]:
    """The code at its semicolons, but for those within quotation marks and after a backslash."""
    return re.findall(r'(?:"[^"]*"?|\\.|[^;"\\])+|(?<=;)(?=;|$)', code)


def _tokens_of_section(section: str) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "bracket":
            kind, text = _token_of_bracket(text)
        elif kind in ("quoted", "escaped", "other"):
            kind = "literal"
        elif kind == "space":
            kind, text = "literal", " "
        if kind != "fill" and text:
            tokens.append(Token(kind, text))
    return tokens


def _token_of_bracket(text: str) -> tuple[str, str]:
    currency = _CURRENCY.fullmatch(text)
    if currency and not currency[1]:
        return ("fill" if currency[2] in _ENGLISH else "locale"), text
    if currency:
        return "literal", currency[1]
    if _SPAN.fullmatch(text):
        return "span", text
    return ("fill", text) if _COLOUR.fullmatch(text) else ("unknown", text)


def _format_digits(tokens: tuple[Token, ...], value: Decimal) -> str:
    """A number in the places that the format has for its digits."""
    signs = "".join(token.text for token in tokens if token.kind == "sign")
    whole_places, _point, part_places = signs.replace("%", "").partition(".")
    scaled = whole_places.endswith(",") and not part_places
    value *= 100 ** signs.count("%")
    if scaled:
        value /= 1000 ** (len(whole_places) - len(whole_places.rstrip(",")))
    decimals = sum(part_places.count(sign) for sign in "0#?")
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _point, part = f"{rounded:f}".partition(".")
    has_thousands = "," in whole_places.rstrip(",").strip() if scaled else "," in whole_places
    return _place_digits(tokens, "" if whole == "0" else whole, part, has_thousands=has_thousands).strip()


def _place_digits(tokens: tuple[Token, ...], whole: str, part: str, *, has_thousands: bool) -> str:
    point = next((n for n, token in enumerate(tokens) if token == Token("sign", ".")), len(tokens))
    before = sum(token.text in "0#?" for token in tokens[:point] if token.kind == "sign")
    shown: list[str] = []
    left = before
    for token in tokens[:point]:
        if token.kind != "sign":
            shown.append("" if token.kind == "locale" else token.text)
        elif token.text in "0#?":
            # All digits that have no place of their own stand in the first.
            taken = (
                whole[: len(whole) - left + 1] if left == before else whole[len(whole) - left : len(whole) - left + 1]
            )
            digits = taken if left <= len(whole) else ("0" if token.text == "0" else "")
            shown.append(_with_thousands(digits, left) if has_thousands else digits)
            left -= 1
        elif token.text == "%":
            shown.append("%")
    return "".join(shown) + _after_point(tokens[point:], part)


def _with_thousands(digits: str, left: int) -> str:
    """Digits of which the last is followed by `left` - 1 more."""
    out = ""
    for place, digit in enumerate(digits):
        after = len(digits) - place - 1 + left - 1
        out += digit + ("," if after and after % 3 == 0 else "")
    return out


def _after_point(tokens: tuple[Token, ...], part: str) -> str:
    """The point and what stands behind it; digits that are not there are shown as the format says."""
    shown, place = "", 0
    kept = part.rstrip("0")
    for token in tokens:
        if token.kind != "sign":
            shown += "" if token.kind == "locale" else token.text
        elif token.text == ".":
            shown += "."
        elif token.text in "0#?":
            shown += part[place : place + 1] if token.text == "0" or place < len(kept) else ""
            place += 1
        elif token.text == "%":
            shown += "%"
    return shown


def _format_moment(tokens: tuple[Token, ...], moment: datetime) -> str:
    has_noon = any(token.kind == "noon" for token in tokens)
    shown, before = "", ""
    for place, token in enumerate(tokens):
        if token.kind == "moment":
            after = next((t.text[0].lower() for t in tokens[place + 1 :] if t.kind == "moment"), "")
            letters = token.text.lower()
            if letters[0] == "m" and (before == "h" or after == "s") and len(letters) < 3:
                letters = "n" * len(letters)  # minutes
            shown += _part_of_moment(letters, moment, has_noon=has_noon)
            before = letters[0]
        elif token.kind == "noon":
            shown += "AM" if moment.hour < 12 else "PM"
        elif token.kind != "locale":
            shown += token.text
    return shown.strip()


def _part_of_moment(letters: str, moment: datetime, *, has_noon: bool) -> str:
    size = min(len(letters), 2)
    hour = (moment.hour - 1) % 12 + 1 if has_noon else moment.hour
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    match letters[0]:
        case "y":
            return f"{moment.year:04d}" if len(letters) > 2 else f"{moment.year % 100:02d}"
        case "m" if len(letters) > 2:
            return {3: month[:3], 5: month[0]}.get(len(letters), month)
        case "d" if len(letters) > 2:
            return day[:3] if len(letters) == 3 else day
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[letters[0]]
    return f"{number:0{size}d}"
