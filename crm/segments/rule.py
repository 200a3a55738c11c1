"""The language of a segment's rule: conditions on customers and their orders, joined by all and any.

    {"all": [
        {"field": "last_order", "op": "not_within_days", "value": 90},
        {"any": [{"field": "tag", "op": "is", "value": "VIP"},
                 {"field": "lifetime_value", "op": "at_least", "value": "1000", "currency": "USD"}]}
    ]}

Rows are named as people name them (a tag by its name, a variant by its SKU), so that a rule can be read. What names
nothing fits nobody. Customers whose data was erased belong to no segment. crm.segments.query looks them up.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from crm.segments.conditions import FIELDS, MAX_CONDITIONS, All, Any_
from shared.errors import InvalidInput

MAX_DEPTH = 3
Rule = All | Any_
_ADAPTERS: dict[str, TypeAdapter[Any]] = {"all": TypeAdapter(All), "any": TypeAdapter(Any_)}


def parse_rule(raw: Any, *, pointer: str = "/rule") -> Rule:
    """The rule. Raises InvalidInput naming every fault under `pointer`."""
    kind = next(iter(raw), None) if isinstance(raw, dict) and len(raw) == 1 else None
    if kind not in _ADAPTERS:
        raise InvalidInput((pointer, "invalid", gettext('A rule is {"all": […]} or {"any": […]}.')))
    if _depth_of(raw) > MAX_DEPTH:
        raise InvalidInput(
            (pointer, "out_of_range", gettext("A rule is nested %(limit)s levels deep at most.") % {"limit": MAX_DEPTH})
        )
    try:
        rule: Rule = _ADAPTERS[kind].validate_python(raw)
    except ValidationError as error:
        faults = {
            (f"{pointer}{_pointer_step(fault['loc'])}", fault["type"], _words_for_fault(fault))
            for fault in error.errors()
        }
        raise InvalidInput(*sorted(faults)[:MAX_CONDITIONS]) from None
    if sum(1 for _ in conditions_in(rule)) > MAX_CONDITIONS:
        raise InvalidInput(
            (pointer, "out_of_range", gettext("A rule has up to %(limit)s conditions.") % {"limit": MAX_CONDITIONS})
        )
    return rule


def _words_for_fault(fault: ErrorDetails) -> str:
    """What is wrong, for people."""
    if fault["type"].startswith("union_tag"):
        text = gettext("A condition names its field, one of %(fields)s; or it is a group of all or any.")
        return text % {"fields": ", ".join(FIELDS)}
    return fault["msg"].removeprefix("Value error, ") + "."


def as_json(rule: Rule) -> dict[str, Any]:
    """The rule as it is stored and shown."""
    return rule.model_dump(mode="json", exclude_none=True)


def conditions_in(rule: Rule) -> Iterator[Any]:
    """Every condition, at whatever depth."""
    for part in parts_of(rule):
        if isinstance(part, All | Any_):
            yield from conditions_in(part)
        else:
            yield part


def parts_of(rule: Rule) -> list[Any]:
    return rule.all if isinstance(rule, All) else rule.any


def _depth_of(raw: Any) -> int:
    """Levels of all and any; stops counting beyond what is allowed."""
    level, deepest = [raw], 0
    while level and deepest <= MAX_DEPTH:
        level = [part for group in level if isinstance(group, dict) for part in _parts_in(group)]
        deepest += 1
    return deepest if level else deepest - 1


def _parts_in(group: dict[str, Any]) -> list[Any]:
    parts = group.get("all", group.get("any"))
    return parts if isinstance(parts, list) else []


def _pointer_step(loc: tuple[int | str, ...]) -> str:
    """Where it stands: without the tag that pydantic puts behind a place in a list."""
    kept = [part for before, part in zip((None, *loc), loc, strict=False) if not isinstance(before, int)]
    return "".join(f"/{part}" for part in kept)
