"""The conditions of a segment's rule and the groups that join them, as Pydantic reads and writes them."""

from __future__ import annotations

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
    model_validator,
)

MAX_CONDITIONS = 30
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
    """Became a customer before a day of the shop's, or from it on."""

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
All.model_rebuild()
Any_.model_rebuild()
