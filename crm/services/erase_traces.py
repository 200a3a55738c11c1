"""Forget what only mentions a person: views of lists that look for them, keys of requests, the admin's own log."""

from urllib.parse import unquote_plus

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from crm.models.saved_view import SavedView
from orders.models.order import Order
from shared.erasure import Person
from shared.lookups import one_of
from shared.models.idempotency_key import IdempotencyKey
from users.models.api_key import ApiKey


def erase_views(person: Person) -> None:
    """Saved views whose filter, search or name has the person's address, number, id, or a name of several words: one
    word may be anybody's. They go whole; a view that lost its filter would show what nobody asked for."""
    words = {*person.emails, str(person.customer_id)}
    words |= {person.name.lower()} if " " in person.name else set()
    words |= {person.phone_e164.lstrip("+")} if person.phone_e164 else set()
    views = SavedView.objects.values_list("pk", "name", "query")
    said = {pk: f"{name} {unquote_plus(query)}".lower() for pk, name, query in views}
    found = [pk for pk, text in said.items() if any(word in text for word in words)]
    person.records.update(map(str, found))
    SavedView.objects.filter(one_of("pk", found)).delete()


def erase_requests(person: Person) -> None:
    """A key is the client's own text, its answer an address with an id."""
    principals = [person.user_id, *ApiKey.objects.filter(owner_id=person.user_id).values_list("pk", flat=True)]
    orders = list(Order.objects.filter(customer_id=person.customer_id).values_list("pk", flat=True))
    theirs = one_of("principal_id", [key for key in principals if key]) | one_of("pk", orders)
    about = Q(pk__in=[])
    for word in (*person.emails, str(person.customer_id)):
        about |= Q(key__icontains=word) | Q(answer__icontains=word)
    IdempotencyKey.objects.filter(theirs).delete()
    IdempotencyKey.objects.filter(about).delete()
    entries = LogEntry.objects.filter(one_of("object_id", sorted({*person.records, *map(str, orders)})))
    entries.update(object_repr="", change_message="")
