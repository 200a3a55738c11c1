from collections.abc import Collection, Iterable

from shared.planner.folding import any_in_any_case
from users.models.customer import Customer
from users.models.tag import Tag


def tag_customer(*, customer: Customer, names: Iterable[str]) -> None:
    """Make `names` the customer's tags, all of them. New ones are made; upper and lower case do not count."""
    wanted = {name.strip().lower(): name.strip() for name in names if name.strip()}.values()
    found = _tags_named(wanted)
    if len(found) < len(wanted):  # those that there are, made by another request perhaps, stay as they are
        Tag.objects.bulk_create([Tag(name=name) for name in wanted], ignore_conflicts=True)
        found = _tags_named(wanted)
    customer.tags.set(found)


def _tags_named(names: Collection[str]) -> list[Tag]:
    return list(Tag.objects.filter(any_in_any_case("name", names))) if names else []
