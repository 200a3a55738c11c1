from collections.abc import Iterable

from django.db.models.functions import Lower

from users.models.customer import Customer
from users.models.tag import Tag


def tag_customer(*, customer: Customer, names: Iterable[str]) -> None:
    """Make `names` the customer's tags, all of them. New ones are made; upper and lower case do not count."""
    wanted = {name.strip().lower(): name.strip() for name in names if name.strip()}
    found = _tags(wanted)
    missing = [Tag(name=name) for key, name in wanted.items() if key not in found]
    if missing:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)  # another request may have made it meanwhile
        found = _tags(wanted)
    customer.tags.set(found.values())


def _tags(keys: Iterable[str]) -> dict[str, Tag]:
    return {tag.key: tag for tag in Tag.objects.annotate(key=Lower("name")).filter(key__in=list(keys))}
