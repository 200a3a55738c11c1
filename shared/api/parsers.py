"""JSON as RFC 8259 means it, and as PostgreSQL can store it. Whatever the body, reading it and naming its faults takes
time and space in proportion to it: it is read before anybody has signed in."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import IO, Any

from rest_framework.parsers import BaseParser

from shared.errors import MAX_FAULTS, InvalidInput
from shared.text.json_pointer import clip, step
from shared.text.tidy import MOST_MARKS, TooManyMarks, in_one_form

# More than the 309 of the largest double; int() of endless digits takes time with the square of their number.
MAX_DIGITS = 400
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """Refuses NaN, duplicate keys, NUL characters, lone surrogates and endless numbers.

    Fractions become Decimal, so that an amount is never a float.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Raises InvalidInput naming what cannot be read."""
        text = _in_one_form(_decode_utf8(stream.read()))
        try:
            body = json.loads(
                text,
                parse_constant=_refuse_constant,
                parse_int=_read_integer,
                parse_float=_read_fraction,
                object_pairs_hook=_read_object,
            )
            if "\\u" in text:
                _refuse_unstorable(body)
                body = _escapes_in_one_form(body)
        except RecursionError:
            raise _malformed_json("The JSON is nested too deeply.") from None
        except ValueError as error:
            raise _malformed_json(f"Malformed JSON: {error}.") from None
        return body


def _decode_utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed_json("The body is not UTF-8.") from None


def _in_one_form(text: str) -> str:
    """In NFC. No letter of JSON's own can be part of another one, so the body as a whole may be written anew."""
    try:
        return in_one_form(text)
    except TooManyMarks:
        fault = f"A letter has more than {MOST_MARKS} combining marks."
        raise InvalidInput(("", "too_many_marks", fault)) from None


def _escapes_in_one_form(value: Any) -> Any:
    """What escapes wrote is in NFC, too."""
    if isinstance(value, str):
        return _in_one_form(value)
    if isinstance(value, list):
        return [_escapes_in_one_form(inner) for inner in value]
    if isinstance(value, dict):
        return {_in_one_form(key): _escapes_in_one_form(inner) for key, inner in value.items()}
    return value


def _malformed_json(text: str) -> InvalidInput:
    return InvalidInput(("", "malformed_json", text))


def _refuse_constant(name: str) -> None:
    raise _malformed_json(f"{name} is not JSON.")


def _read_integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _malformed_json(f"A number has more than {MAX_DIGITS} digits.")
    return int(digits)


def _read_fraction(digits: str) -> Decimal:
    if len(digits) > MAX_DIGITS:
        raise _malformed_json(f"A number has more than {MAX_DIGITS} digits.")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise _malformed_json("A number is out of range.") from None


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # RFC 8259 leaves open which of two equal keys counts, and readers differ: here neither does.
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = sorted(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise InvalidInput(*(("", "duplicate_key", f"The key {clip(key)!r} occurs more than once.") for key in twice))
    return found


# Where a value stands: the step to it and where that step begins. Written out for faults alone, since a pointer for
# every value of a deep body would be many times as long as the body.
_Place = tuple[object, "_Place"] | None


def _refuse_unstorable(body: Any) -> None:
    faults = _unstorable_strings(body)
    named = [(_pointer_to(place), "unstorable_text", text) for place, text in islice(faults, MAX_FAULTS)]
    if named:
        raise InvalidInput(*named, more=sum(1 for _fault in faults))


def _unstorable_strings(body: Any) -> Iterator[tuple[_Place, str]]:
    """Strings with a NUL character or half a surrogate pair, which only an escape can bring in."""
    waiting: list[tuple[_Place, Any]] = [(None, body)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str) and (text := _fault_of(value)):
            yield place, text
        elif isinstance(value, list):
            waiting += [((index, place), inner) for index, inner in enumerate(value)]
        elif isinstance(value, dict):
            for key, inner in value.items():
                if text := _fault_of(key):
                    yield place, f"A key: {text}"
                else:
                    waiting.append(((key, place), inner))


def _pointer_to(place: _Place) -> str:
    steps = []
    while place is not None:
        key, place = place
        steps.append(step(key))
    return "".join(f"/{one}" for one in reversed(steps))


def _fault_of(text: str) -> str | None:
    if "\0" in text:
        return "NUL characters are not allowed."
    if _HALF_A_PAIR.search(text):
        return "Half a surrogate pair is not a character."
    return None
