"""Forget saved views of lists that look for a person."""

from urllib.parse import unquote_plus

from crm.models.saved_view import SavedView
from shared.planner.lookups import one_of
from shared.privacy.erasure import Person


def erase_views(person: Person) -> None:
    """Saved views whose filter, search or name has the person's address, number, id, or a name of several words: one
    word may be anybody's. They go whole; a view that lost its filter would show what nobody asked for."""
    words = {*person.emails, str(person.customer_id)}
    words |= {person.name.lower()} if " " in person.name else set()
    words |= {person.phone_e164.lstrip("+")} if person.phone_e164 else set()
    views = SavedView.objects.values_list("pk", "name", "query")
    # Compared here and not in SQL: queries are percent-encoded, and a letter may be so in two ways.
    said = {pk: f"{name} {unquote_plus(query)}".lower() for pk, name, query in views}
    found = [pk for pk, text in said.items() if any(word in text for word in words)]
    person.records.update(map(str, found))
    SavedView.objects.filter(one_of("pk", found)).delete()
