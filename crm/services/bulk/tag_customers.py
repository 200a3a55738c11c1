"""Put a tag on many customers, or take it off."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.services.bulk.check_many import BulkResult, check_many
from crm.services.bulk.note_changes import note_changes
from crm.timeline.lines import TAG_ADDED, TAG_REMOVED
from shared.actor import Actor
from shared.errors import NotFound
from shared.planner.lookups import one_of
from users.models.customer import Customer
from users.models.tag import Tag


@transaction.atomic
def bulk_tag(*, ids: Sequence[UUID], tag_id: UUID, is_added: bool, actor: Actor) -> BulkResult:
    """Add the tag to these customers, or remove it, and note it in the timelines of those whom that changes.

    Raises NotFound for a tag that does not exist, InvalidInput for too many. Locks: the customers, by key.
    """
    check_many(ids)
    tag = Tag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotFound(gettext("There is no such tag."))
    # The customers, as there is no link to lock yet: the tag added twice at once would break the unique rule.
    locked = Customer.objects.select_for_update(of=("self",), no_key=True)
    rows = list(locked.filter(one_of("pk", ids)).order_by("pk"))
    links = Customer.tags.through.objects
    present = links.filter(one_of("customer_id", [row.pk for row in rows]), tag_id=tag_id)
    tagged = set(present.values_list("customer_id", flat=True))
    to_change = [row for row in rows if (row.pk in tagged) != is_added]
    if is_added:
        link = Customer.tags.through
        links.bulk_create([link(customer_id=row.pk, tag_id=tag_id) for row in to_change], batch_size=500)
    else:
        links.filter(one_of("customer_id", [row.pk for row in to_change]), tag_id=tag_id).delete()
    said = (TAG_ADDED if is_added else TAG_REMOVED)(tag=tag.name)
    note_changes(to_change, lambda _customer: said, actor=actor)
    return BulkResult(changed=len(to_change), unchanged=len(rows) - len(to_change))
