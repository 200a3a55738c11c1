"""Bodies that POST /orders must refuse with 400, and where each fault is. GOOD: a SKU that is for sale."""

import json
from typing import Any

GOOD = "GOOD"


def _line(**fields: Any) -> dict[str, Any]:
    return {"items": [{"variant": GOOD, "quantity": 1, **fields}]}


_QUANTITIES = {
    "zero": 0,
    "negative": -1,
    "above the limit": 1_000_001,
    "10^40": 10**40,
    "a fraction": 1.5,
    "a whole float": 2.0,
    "text": "2",
    "true": True,
    "null": None,
    "a list": [1],
    "an object": {"n": 1},
}
_TEXTS = {"a number": 5, "true": True, "null": None, "a list": ["x"], "an object": {"x": 1}}

# name: (fields laid over a good body, pointers of all faults)
FIELDS: dict[str, tuple[dict[str, Any], list[str]]] = {
    **{f"quantity {name}": (_line(quantity=value), ["/items/0/quantity"]) for name, value in _QUANTITIES.items()},
    **{f"variant {name}": (_line(variant=value), ["/items/0/variant"]) for name, value in _TEXTS.items()},
    "variant empty": (_line(variant=""), ["/items/0/variant"]),
    "variant of 65 characters": (_line(variant="x" * 65), ["/items/0/variant"]),
    "variant with NUL": (_line(variant="a\0b"), ["/items/0/variant"]),
    "seller no id": (_line(seller="Main Street"), ["/items/0/seller"]),
    "seller a number": (_line(seller=7), ["/items/0/seller"]),
    "unknown field in a line": (_line(price="0.01"), ["/items/0/price"]),
    "line without quantity": ({"items": [{"variant": GOOD}]}, ["/items/0/quantity"]),
    "line without variant": ({"items": [{"quantity": 1}]}, ["/items/0/variant"]),
    "line a text": ({"items": [GOOD]}, ["/items/0"]),
    "line null": ({"items": [None]}, ["/items/0"]),
    "no line": ({"items": []}, ["/items"]),
    "201 lines": ({"items": [{"variant": GOOD, "quantity": 1}] * 201}, ["/items"]),
    "lines an object": ({"items": {"variant": GOOD, "quantity": 1}}, ["/items"]),
    "lines null": ({"items": None}, ["/items"]),
    "lines a text": ({"items": "x"}, ["/items"]),
    "sum above a million": (
        {"items": [{"variant": "OTHER", "quantity": 1}] + [{"variant": GOOD, "quantity": 500_001}] * 2},
        ["/items/1/quantity"],
    ),
    **{f"note {name}": ({"note": value}, ["/note"]) for name, value in _TEXTS.items()},
    "note of 10,001 characters": ({"note": "n" * 10_001}, ["/note"]),
    "note with NUL": ({"note": "a\0b"}, ["/note"]),
    "note with half a surrogate pair": ({"note": "\ud800"}, ["/note"]),
    "customer no id": ({"customer": "me"}, ["/customer"]),
    "customer a number": ({"customer": 1}, ["/customer"]),
    "customer missing": ({"customer": None}, ["/customer"]),
    "currency unknown in form": ({"currency": "usd"}, ["/currency"]),
    "currency too long": ({"currency": "USDX"}, ["/currency"]),
    "currency a line end": ({"currency": "USD\n"}, ["/currency"]),
    "currency a number": ({"currency": 840}, ["/currency"]),
    "currency not the variant's": ({"currency": "EUR"}, ["/items/0/variant"]),
    "unknown field": ({"total": "0.01"}, ["/total"]),
    "unknown field with a slash": ({"a/b~c": 1}, ["/a~1b~0c"]),
    "several faults": (
        {"items": [{"variant": GOOD, "quantity": 0}, {"variant": 5, "quantity": 1}], "note": 1, "extra": 1},
        ["/items/0/quantity", "/items/1/variant", "/note", "/extra"],
    ),
}

# name: the raw body
RAW: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  ",
    "cut off": b'{"customer": "x", "items": [',
    "not JSON": b"customer=1",
    "NaN": b'{"items": [{"variant": "GOOD", "quantity": NaN}]}',
    "Infinity": b'{"items": [{"variant": "GOOD", "quantity": Infinity}]}',
    "not UTF-8": b'{"note": "\xff\xfe"}',
    "UTF-16": '{"note": "x"}'.encode("utf-16"),
    "a raw NUL": b'{"note": "a\x00b"}',
    "nested deeply": b"[" * 100_000 + b"]" * 100_000,
    "objects nested deeply": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a list": b"[]",
    "a text": b'"order"',
    "a number": b"1",
    "null": b"null",
    "an empty object": b"{}",
    "a key twice": b'{"note": "a", "note": "b", "items": []}',
    "two documents": b"{}{}",
    "a huge number": b'{"items": [{"variant": "GOOD", "quantity": ' + b"9" * 5_000 + b"}]}",
    "a huge exponent": b'{"items": [{"variant": "GOOD", "quantity": 1e999999999}]}',
}

KEYS: dict[str, str] = {
    "empty": "",
    "empty in quotes": '""',
    "256 characters": "k" * 256,
    "256 characters in quotes": '"' + "k" * 256 + '"',
    "a space inside": "a b",
    "only spaces": "   ",
    "a tab": "a\tb",
    "not ASCII": "schl\u00fcssel",
    "DEL": "a\x7fb",
    "a quote inside": '"a"b"',
    "half quoted": '"abc',
}


def body_with(fields: dict[str, Any], good: dict[str, Any], sku: str) -> bytes:
    """The good body with `fields` laid over it, GOOD being `sku`."""
    return json.dumps(good | fields).replace(f'"{GOOD}"', json.dumps(sku)).encode()
