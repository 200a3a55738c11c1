"""The shop's own fields: what may stand in `custom_fields`, and over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import InvalidInput
from users.custom_fields import change_custom_fields, validate_custom_fields
from users.models.custom_field import CustomField, CustomFieldKind, CustomFieldOwner

pytestmark = pytest.mark.django_db
OWNER = CustomFieldOwner.CUSTOMER


def make_field(key: str, kind: CustomFieldKind, **more: Any) -> CustomField:
    return CustomField.objects.create(**{"model": OWNER, "key": key, "label": key.title(), "kind": kind, **more})


def faults(values: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        validate_custom_fields(OWNER, values)
    return {(fault["pointer"], fault["code"]) for fault in refused.value.data["errors"]}


def test_every_kind_is_stored_in_one_form_however_it_was_written() -> None:
    for kind in CustomFieldKind:
        make_field(kind.value, kind, choices=["gold", "silver"] if kind == CustomFieldKind.CHOICE else [])

    typed = {"text": " hi ", "number": Decimal("1.50"), "date": date(2027, 5, 31), "boolean": True, "choice": "gold"}
    written = {"text": "hi", "number": "15e-1", "date": "2027-05-31", "boolean": "Yes", "choice": " gold "}
    stored = {"text": "hi", "number": "1.5", "date": "2027-05-31", "boolean": True, "choice": "gold"}

    assert validate_custom_fields(OWNER, typed) == validate_custom_fields(OWNER, written) == stored
    assert validate_custom_fields(OWNER, dict.fromkeys(typed)) == {}


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", 5, "wrong_type"),
        ("text", "x" * 1_001, "out_of_range"),
        ("text", "a\0b", "out_of_range"),
        ("number", True, "wrong_type"),
        ("number", "twelve", "invalid"),
        ("number", "NaN", "out_of_range"),
        ("number", "1e999999999", "out_of_range"),
        ("number", "1e-999999999", "out_of_range"),
        ("number", "9" * 200, "out_of_range"),
        ("number", 1.0000001, "out_of_range"),
        ("number", [1], "wrong_type"),
        ("date", "31.05.2027", "invalid"),
        ("date", "2027-02-30", "invalid"),
        ("date", 20270531, "wrong_type"),
        ("boolean", "perhaps", "invalid"),
        ("boolean", 1, "invalid"),
        ("choice", "bronze", "invalid_choice"),
        ("choice", {"gold": 1}, "invalid_choice"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: CustomFieldKind, value: Any, code: str) -> None:
    make_field("it", kind, choices=["gold"] if kind == "choice" else [])

    assert faults({"it": value}) == {("/custom_fields/it", code)}


def test_every_fault_is_named_at_once() -> None:
    make_field("tier", CustomFieldKind.TEXT, is_required=True)
    make_field("size", CustomFieldKind.NUMBER)

    assert faults({"size": "big", "colour/tone": "red"}) == {
        ("/custom_fields/tier", "required"),
        ("/custom_fields/size", "invalid"),
        ("/custom_fields/colour~1tone", "unknown_field"),
    }


def test_a_change_keeps_what_it_does_not_name() -> None:
    make_field("tier", CustomFieldKind.TEXT, is_required=True)
    make_field("size", CustomFieldKind.NUMBER)
    current = {"tier": "gold", "size": "3", "field_that_is_gone": "x"}

    assert change_custom_fields(OWNER, current, {"size": None}) == {"tier": "gold"}
    assert change_custom_fields(OWNER, current, {"tier": "silver"}) == {"tier": "silver", "size": "3"}
    with pytest.raises(InvalidInput):
        change_custom_fields(OWNER, current, {"tier": ""})
