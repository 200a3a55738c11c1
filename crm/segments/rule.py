"""The language of a segment's rule: conditions on customers and their orders, joined by all and any.

    {"all": [
        {"field": "last_order", "op": "not_within_days", "value": 90},
        {"any": [{"field": "tag", "op": "is", "value": "VIP"},
                 {"field": "lifetime_value", "op": "at_least", "value": "1000", "currency": "USD"}]}
    ]}

Rows are named as people name them (a tag by its name, a variant by its SKU), so that a rule can be read. What names
nothing fits nobody. Customers whose data was erased belong to no segment. crm.segments.query looks them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from shared.errors import InvalidInput

MAX_CONDITIONS = 30
MAX_DEPTH = 3
MAX_DAYS = 36_500

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS, strict=True)]
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=18, decimal_places=3, allow_inf_nan=False),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
]
Equal = Literal["is", "is_not"]
EqualOrSet = Literal["is", "is_not", "is_set", "is_empty"]
Compared = Literal["at_least", "at_most"]
Within = Literal["within_days", "not_within_days"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TagCondition(_Strict):
    """Has the tag of this name, in any case; or has it not."""

    field: Literal["tag"]
    op: Equal
    value: Text


class _MayBeEmpty(_Strict):
    op: EqualOrSet
    value: Text | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> _MayBeEmpty:
        if (self.value is None) == (self.op in ("is", "is_not")):
            raise ValueError(gettext("“is” and “is_not” need a value, “is_set” and “is_empty” take none"))
        return self


class CompanyCondition(_MayBeEmpty):
    """Belongs to a company of this name, in any case."""

    field: Literal["company"]


class OwnerCondition(_MayBeEmpty):
    """Is looked after by the colleague with this e-mail address."""

    field: Literal["owner"]


class GroupCondition(_MayBeEmpty):
    """Stands in the customer group of this name, in any case."""

    field: Literal["group"]


class CountryCondition(_MayBeEmpty):
    """Has this country, by its ISO code."""

    field: Literal["country"]
    value: Country | None = None


class LanguageCondition(_Strict):
    field: Literal["language"]
    op: Equal
    value: Literal["en", "uk"]


class CreatedCondition(_Strict):
    """Became a customer before a day (UTC), or from it on."""

    field: Literal["created"]
    op: Literal["before", "from"]
    value: date


class CreatedWithinCondition(_Strict):
    field: Literal["created_ago"]
    op: Within
    value: Days


class CustomFieldCondition(_MayBeEmpty):
    """A field of the shop's own; numbers and days are compared as such where `op` asks for more or less."""

    field: Literal["custom_field"]
    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    op: Literal["is", "is_not", "is_set", "is_empty", "at_least", "at_most"]  # type: ignore[assignment]

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> CustomFieldCondition:
        if (self.value is None) != (self.op in ("is_set", "is_empty")):
            raise ValueError(gettext("“is_set” and “is_empty” take no value, all others need one"))
        return self


class ConsentCondition(_Strict):
    """What holds by the newest statement of the purpose; none counts as not given."""

    field: Literal["consent"]
    op: Literal["given", "not_given"]
    value: Literal["marketing_email", "marketing_phone", "profiling"]


class LastOrderCondition(_Strict):
    """Ordered in the last so many days, or not; whoever never ordered has not."""

    field: Literal["last_order"]
    op: Within
    value: Days


class OrderCountCondition(_Strict):
    """How many orders were placed, cancelled ones left out; in the last so many days, or ever."""

    field: Literal["order_count"]
    op: Compared
    value: Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
    days: Days | None = None


class LifetimeValueCondition(_Strict):
    """What was paid for in this currency, less what was promised back; cancelled orders left out."""

    field: Literal["lifetime_value"]
    op: Compared
    value: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class BoughtCondition(_Strict):
    """Ordered the variant with this SKU, or something of the category with this slug; cancelled orders left out."""

    field: Literal["bought_variant", "bought_category"]
    op: Equal
    value: Text


class All(_Strict):
    """Fulfilled by whoever fulfils all of it."""

    all: Annotated[list[Part], Field(min_length=1, max_length=MAX_CONDITIONS)]


class Any_(_Strict):
    """Fulfilled by whoever fulfils at least one."""

    any: Annotated[list[Part], Field(min_length=1, max_length=MAX_CONDITIONS)]


def _kind_of(part: Any) -> str | None:
    """What a part is: a condition's field, or "all" or "any"."""
    if isinstance(part, All | Any_):
        return "all" if isinstance(part, All) else "any"
    if not isinstance(part, dict):
        return getattr(part, "field", None)
    named = part.get("field") or next(iter(part.keys() & {"all", "any"}), None)
    return named if isinstance(named, str) else None


Part = Annotated[
    Annotated[TagCondition, Tag("tag")]
    | Annotated[CompanyCondition, Tag("company")]
    | Annotated[OwnerCondition, Tag("owner")]
    | Annotated[GroupCondition, Tag("group")]
    | Annotated[CountryCondition, Tag("country")]
    | Annotated[LanguageCondition, Tag("language")]
    | Annotated[CreatedCondition, Tag("created")]
    | Annotated[CreatedWithinCondition, Tag("created_ago")]
    | Annotated[CustomFieldCondition, Tag("custom_field")]
    | Annotated[ConsentCondition, Tag("consent")]
    | Annotated[LastOrderCondition, Tag("last_order")]
    | Annotated[OrderCountCondition, Tag("order_count")]
    | Annotated[LifetimeValueCondition, Tag("lifetime_value")]
    | Annotated[BoughtCondition, Tag("bought_variant")]
    | Annotated[BoughtCondition, Tag("bought_category")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")],
    Discriminator(_kind_of),
]
FIELDS = (
    "tag", "company", "owner", "group", "country", "language", "created", "created_ago", "custom_field",
    "consent", "last_order", "order_count", "lifetime_value", "bought_variant", "bought_category",
)  # fmt: skip
Rule = All | Any_
All.model_rebuild()
Any_.model_rebuild()
_ADAPTERS: dict[str, TypeAdapter[Any]] = {"all": TypeAdapter(All), "any": TypeAdapter(Any_)}


def parse_rule(raw: Any, *, pointer: str = "/rule") -> Rule:
    """The rule. Raises InvalidInput naming every fault under `pointer`."""
    kind = next(iter(raw), None) if isinstance(raw, dict) and len(raw) == 1 else None
    if kind not in _ADAPTERS:
        raise InvalidInput((pointer, "invalid", gettext('A rule is {"all": […]} or {"any": […]}.')))
    if _depth(raw) > MAX_DEPTH:
        raise InvalidInput(
            (pointer, "out_of_range", gettext("A rule is nested %(limit)s levels deep at most.") % {"limit": MAX_DEPTH})
        )
    try:
        rule: Rule = _ADAPTERS[kind].validate_python(raw)
    except ValidationError as error:
        faults = {(f"{pointer}{_step(fault['loc'])}", fault["type"], _words(fault)) for fault in error.errors()}
        raise InvalidInput(*sorted(faults)[:MAX_CONDITIONS]) from None
    if sum(1 for _ in conditions_in(rule)) > MAX_CONDITIONS:
        raise InvalidInput(
            (pointer, "out_of_range", gettext("A rule has up to %(limit)s conditions.") % {"limit": MAX_CONDITIONS})
        )
    return rule


def _words(fault: ErrorDetails) -> str:
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


def _depth(raw: Any) -> int:
    """Levels of all and any; stops counting beyond what is allowed."""
    level, deepest = [raw], 0
    while level and deepest <= MAX_DEPTH:
        level = [part for group in level if isinstance(group, dict) for part in _parts_in(group)]
        deepest += 1
    return deepest if level else deepest - 1


def _parts_in(group: dict[str, Any]) -> list[Any]:
    parts = group.get("all", group.get("any"))
    return parts if isinstance(parts, list) else []


def _step(loc: tuple[int | str, ...]) -> str:
    """Where it stands: without the tag that pydantic puts behind a place in a list."""
    kept = [part for before, part in zip((None, *loc), loc, strict=False) if not isinstance(before, int)]
    return "".join(f"/{part}" for part in kept)
