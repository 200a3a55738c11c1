"""How likely a word is, read in an encoding: logarithms of what its letters weigh. Pure."""

import codecs
import unicodedata
from functools import cache, lru_cache
from math import log
from typing import NamedTuple

from exchange.reading.encodings.evidence import MAX_WORD
from exchange.reading.encodings.known import codec_of
from exchange.reading.encodings.letters import ALPHABETS, COMMON_SIGNS, PUNCTUATION, TOUCHING, USES

_NO_TEXT = -15.0  # bytes that the encoding does not have
_STRANGE = log(1e-5)  # a letter or sign that no language of the encoding has
_CONTROL = log(1e-9)
_MARK = log(1e-2)  # punctuation between words
_MARK_WITHIN = log(1e-4)
_BESIDE_LETTERS = -3.0
_EURO = log(0.1)
_SMALL_WORD, _CAPITAL_WORD = -1.0, -0.5  # beside a word with one capital at its beginning, as names have it
_BREAKS = -5.0  # a capital after a small letter, a small one after two capitals
_MIXED = -6.0  # two scripts in one word
_IN_WORDS = "\u2019·\u02bc-\u00ad\u200e\u200f"
# What is left of a set of signs that is not common: the codec that has them, and how rare each is.
_RARER = {
    "chinese": ("gb2312", log(1 / 12_000)),
    "traditional": ("big5", log(1 / 12_000)),
    "japanese": ("euc-jp", log(1 / 12_000)),
    "korean": ("euc-kr", log(1 / 3_000)),
}
_COMMON = log(1 / 600)
_KANA, _HALF_KANA = log(1 / 150), log(1 / 60)


class Weight(NamedTuple):
    """`by_language`: in the order of the encoding's languages. `is_odd`: none of them has all of the word's letters."""

    by_language: tuple[float, ...]
    is_odd: bool


@lru_cache(maxsize=50_000)
def weight_of(word: bytes, encoding: str) -> Weight:
    """How likely the word is in each language of the encoding."""
    languages = USES[encoding][0]
    try:
        # Of a long word only the beginning is kept: its last sign may be torn.
        is_whole = len(word) < MAX_WORD
        text = codecs.getincrementaldecoder(codec_of(encoding))().decode(word, final=is_whole)
    except UnicodeDecodeError:
        return Weight((_NO_TEXT,) * len(languages), is_odd=True)
    signs = [
        [_score_sign(text, place, language) for place, sign in enumerate(text) if not sign.isascii()]
        for language in languages
    ]
    shape = _score_shape(text)
    return Weight(
        tuple(sum(weights) + shape for weights in signs), is_odd=all(min(weights) <= _STRANGE for weights in signs)
    )


def _score_sign(text: str, place: int, language: str) -> float:
    sign = text[place]
    if sign.isalpha() or unicodedata.combining(sign):
        return _weight_of_sign(sign, language)
    beside = [letter.isalpha() for letter in (text[place - 1 : place], text[place + 1 : place + 2])]
    if sign not in PUNCTUATION:
        return _weight_of_sign(sign, language) + (_BESIDE_LETTERS if any(beside) else 0)
    touches = all(beside) if sign in TOUCHING else any(beside)
    if touches and sign not in _IN_WORDS:
        return _MARK_WITHIN
    return _EURO if sign == "€" else _MARK


@cache
def _letter_weights(language: str) -> dict[str, float]:
    """Letters by their rank: the second is half as common as the first, and so on, as in any language."""
    letters = ALPHABETS[language]
    shares = [1 / (rank + 2) for rank in range(len(letters))]
    return {letter: log(share / sum(shares)) for letter, share in zip(letters, shares, strict=True)}


@lru_cache(maxsize=200_000)
def _weight_of_sign(sign: str, language: str) -> float:
    if unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs"):
        return _CONTROL
    if language in COMMON_SIGNS:
        return _weight_of_east_asian(sign, language)
    weights = _letter_weights(language)
    if sign in weights:
        return weights[sign]
    return weights.get(sign.lower(), _STRANGE)  # what capitals weigh is a matter of the word


def _weight_of_east_asian(sign: str, language: str) -> float:
    if language == "japanese" and "\u3041" <= sign <= "\u30ff":
        return _KANA
    if language == "japanese" and "\uff66" <= sign <= "\uff9f":
        return _HALF_KANA
    if sign in COMMON_SIGNS[language]:
        return _COMMON
    codec, weight = _RARER[language]
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return _STRANGE - 3
    if language == "korean" and not "\uac00" <= sign <= "\ud7a3":
        return _STRANGE
    return weight


def _score_shape(text: str) -> float:
    """Against a capital after a small letter, a small one after two capitals, and two scripts side by side. What is
    ASCII alone says nothing."""
    weight = _score_case(text)
    for before, one, other in zip(" " + text, text, text[1:], strict=False):
        if (one.isascii() and other.isascii() and before.isascii()) or not (one.isalpha() and other.isalpha()):
            continue
        if (one.islower() and other.isupper()) or (before.isupper() and one.isupper() and other.islower()):
            weight += _BREAKS
        if _script_of_letter(one) != _script_of_letter(other):
            weight += _MIXED
    return weight


def _score_case(text: str) -> float:
    letters = [sign for sign in text if sign.isalpha()]
    if not letters or letters[0].isascii() or letters[0].lower() == letters[0].upper():
        return 0.0
    if letters[0].islower():
        return _SMALL_WORD
    return _CAPITAL_WORD if len(letters) > 1 and letters[1].isupper() else 0.0


@lru_cache(maxsize=70_000)
def _script_of_letter(letter: str) -> str:
    """Roughly: what of a letter's name comes first. Chinese, Japanese and Korean signs stand side by side."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH") else name
