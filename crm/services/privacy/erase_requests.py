"""Forget the keys of a person's requests, and the admin's own log."""

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from orders.models.order import Order
from shared.models.idempotency_key import IdempotencyKey
from shared.planner.lookups import one_of
from shared.privacy.erasure import Person
from users.models.api_key import ApiKey


def erase_requests(person: Person) -> None:
    """A key is the client's own text, its answer an address with an id."""
    principals = [person.user_id, *ApiKey.objects.filter(owner_id=person.user_id).values_list("pk", flat=True)]
    orders = list(Order.objects.filter(customer_id=person.customer_id).values_list("pk", flat=True))
    theirs = one_of("principal_id", [key for key in principals if key]) | one_of("pk", orders)
    about = Q(pk__in=[])
    for word in (*person.emails, str(person.customer_id)):
        about |= Q(key__icontains=word) | Q(answer__icontains=word)
    # Two statements: the keys are found by indexes, the words by reading the whole table.
    IdempotencyKey.objects.filter(theirs).delete()
    IdempotencyKey.objects.filter(about).delete()
    entries = LogEntry.objects.filter(one_of("object_id", sorted({*person.records, *map(str, orders)})))
    entries.update(object_repr="", change_message="")
